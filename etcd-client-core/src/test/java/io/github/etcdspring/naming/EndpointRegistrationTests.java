/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.naming;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

import com.google.protobuf.ByteString;
import io.github.etcdspring.EtcdClosedException;
import io.github.etcdspring.EtcdPermissionException;
import io.github.etcdspring.LeaseId;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.fixture.FakeClock;
import io.github.etcdspring.fixture.QueueStore;
import io.github.etcdspring.fixture.ScriptedCall;
import io.github.etcdspring.fixture.ScriptedCluster;
import io.github.etcdspring.fixture.ScriptedEtcd;
import io.github.etcdspring.fixture.WatchAnswers;
import io.github.etcdspring.internal.proto.MvccProto.KeyValue;
import io.github.etcdspring.internal.proto.KvProto.PutRequest;
import io.github.etcdspring.internal.proto.KvProto.RequestOp;
import io.github.etcdspring.internal.proto.KvProto.TxnRequest;
import io.github.etcdspring.internal.proto.KvProto.TxnResponse;
import io.github.etcdspring.lease.LeaseEnd;
import io.github.etcdspring.session.Session;
import io.github.etcdspring.session.SessionListener;
import io.grpc.Status;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static io.github.etcdspring.fixture.Results.failureOf;
import static io.github.etcdspring.fixture.Results.resultOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Tests of {@link EndpointRegistration}: leases that are lost, answers that are lost,
 * another process at the same entry (R8), a cluster that was put back to a backup.
 */
class EndpointRegistrationTests {

	private static final Duration TTL = Duration.ofSeconds(9);

	/** The longest pause before another try, and before a look for a late entry. */
	private static final Duration LONGEST_PAUSE = Duration.ofMillis(1300);

	/** The longest pause before another look whether another process has gone. */
	private static final Duration LONGEST_PATIENCE = Duration.ofSeconds(13);

	private static final Endpoint ENDPOINT = Endpoint.of("h:1");

	private static final String VALUE = "{\"Op\":0,\"Addr\":\"h:1\",\"Metadata\":null}";

	@RegisterExtension
	final ScriptedCluster cluster = new ScriptedCluster();

	private final FakeClock clock = new FakeClock();

	private final QueueStore store = new QueueStore();

	private ScriptedEtcd member;

	private Session session;

	private Naming naming;

	@BeforeEach
	void start() {
		this.member = this.cluster.member();
		this.store.serve(this.member).serveWatches(this.member);
		EtcdClient client = this.cluster.client(this.clock, this.member);
		this.session = this.cluster.closing(Session.open(client, TTL));
		this.naming = Naming.of(client, "echo");
	}

	private EndpointRegistration register() {
		return this.cluster.closing(resultOf(this.naming.addAsync("a", ENDPOINT, this.session)));
	}

	private long lease() {
		return resultOf(this.session.leaseAsync()).lease().value();
	}

	private KeyValue entry() {
		return this.store.get("echo/a").orElseThrow();
	}

	private void assertOwn(KeyValue entry) {
		assertThat(entry.getValue().toStringUtf8()).isEqualTo(VALUE);
		assertThat(entry.getLease()).isEqualTo(lease());
	}

	/** Etcd deletes nothing: it may not have noticed. */
	private void loseLease() {
		this.clock.jump(TTL);
		assertThat(this.session.lease()).isEmpty();
	}

	private void awaitRegistered(EndpointRegistration registration) {
		this.clock.passDelaysUntil(registration::isRegistered, LONGEST_PAUSE);
	}

	/** What a server does with a request that it was paused with, in its own time. */
	private void applyLate(ScriptedCall<TxnRequest, TxnResponse> call) {
		this.store.commit(call.request());
	}

	/** Puts the entry under the name of another lease, as another process does. */
	private void putAsAnother(String value) {
		PutRequest put = PutRequest.newBuilder()
			.setKey(ByteString.copyFromUtf8("echo/a"))
			.setValue(ByteString.copyFromUtf8(value))
			.setLease(7)
			.build();
		this.store.commit(TxnRequest.newBuilder().addSuccess(RequestOp.newBuilder().setRequestPut(put)).build());
	}

	@Test
	void writesTheEntryOnTheLeaseOfTheSession() {
		EndpointRegistration registration = register();

		assertOwn(entry());
		assertThat(registration.revision()).isEqualTo(entry().getModRevision());
		assertThat(registration.isRegistered()).isTrue();
		assertThat(registration).hasToString("EndpointRegistration[echo/a]");
		assertThat(this.member.txn().count()).isEqualTo(1);
	}

	@Test
	void isOnTheNextLeaseWhileAListenerOfTheSessionBlocks() {
		CompletableFuture<Void> gate = new CompletableFuture<>();
		this.cluster.closing(() -> gate.complete(null));
		this.session.addListener(new SessionListener() {

			@Override
			public void onLost(LeaseId lease, LeaseEnd reason) {
				gate.join();
			}

		});
		EndpointRegistration registration = register();
		long first = lease();

		loseLease();
		awaitRegistered(registration);

		assertThat(lease()).isNotEqualTo(first);
		assertOwn(entry());
	}

	@Test
	void deletesNothingWhenTheFirstWriteIsRefused() {
		resultOf(this.session.leaseAsync());
		this.member.txn().thenFail(Status.PERMISSION_DENIED.withDescription("etcdserver: permission denied"));

		assertThat(failureOf(this.naming.addAsync("a", ENDPOINT, this.session)))
			.isInstanceOf(EtcdPermissionException.class);

		register();
		assertThat(this.member.txn().count()).isEqualTo(2);
		assertThat(this.clock.delaysUpTo(LONGEST_PAUSE)).isEmpty();
	}

	@Test
	void takesTheEntryOverAtFirstWhoeverWroteIt() {
		putAsAnother(VALUE);

		EndpointRegistration registration = register();

		assertOwn(entry());
		assertThat(registration.revision()).isEqualTo(entry().getModRevision());
	}

	@Test
	void writesTheEntryAgainOnTheNextLease() {
		EndpointRegistration registration = register();
		long first = lease();

		loseLease();
		assertThat(registration.isRegistered()).isFalse();
		awaitRegistered(registration);

		assertOwn(entry());
		assertThat(entry().getLease()).isNotEqualTo(first);
	}

	@Test
	void writesTheEntryAgainThatWentWithItsLease() {
		EndpointRegistration registration = register();

		this.store.delete("echo/a");
		loseLease();
		awaitRegistered(registration);

		assertOwn(entry());
		await().until(() -> this.store.watches() == 1);
	}

	@Test
	@DisplayName("R8: a newer process keeps the entry; the older looks again whether it has gone")
	void doesNotPushOutAnotherProcessAndLooksAgainWhetherItHasGone() {
		EndpointRegistration registration = register();
		putAsAnother(VALUE);

		loseLease();
		this.clock.passDelaysUntil(() -> this.member.txn().count() >= 3, LONGEST_PATIENCE);
		assertThat(entry().getLease()).isEqualTo(7);
		assertThat(registration.isRegistered()).isFalse();
		this.store.delete("echo/a");
		this.clock.passDelaysUntil(registration::isRegistered, LONGEST_PATIENCE);

		assertOwn(entry());
		assertThat(registration.revision()).isEqualTo(entry().getModRevision());
	}

	@Test
	void writesAgainWhenTheFirstAnswerIsLost() {
		this.member.txn().thenFail(Status.UNAVAILABLE);

		CompletableFuture<EndpointRegistration> adding = this.naming.addAsync("a", ENDPOINT, this.session);
		this.clock.passDelaysUntil(adding::isDone, LONGEST_PAUSE);

		assertThat(this.cluster.closing(resultOf(adding)).isRegistered()).isTrue();
		assertOwn(entry());
	}

	@Test
	void knowsItsEntryWhenTheAnswerToAWriteIsLost() {
		EndpointRegistration registration = register();
		loseLease();
		this.member.txn().then((call) -> {
			applyLate(call);
			call.fail(Status.UNAVAILABLE);
		});

		awaitRegistered(registration);

		assertOwn(entry());
		assertThat(entry().getVersion()).isEqualTo(2);
		assertThat(registration.revision()).isEqualTo(entry().getModRevision());
	}

	@Test
	void pushesNobodyOutWithAWriteThatComesLate() {
		this.member.txn().thenHold();
		CompletableFuture<EndpointRegistration> adding = this.naming.addAsync("a", ENDPOINT, this.session);
		var late = this.member.txn().awaitCall(0);
		late.fail(Status.UNAVAILABLE);
		this.clock.passDelaysUntil(adding::isDone, LONGEST_PAUSE);
		this.cluster.closing(resultOf(adding));
		putAsAnother("theirs");

		applyLate(late);

		assertThat(entry().getValue().toStringUtf8()).isEqualTo("theirs");
	}

	@Test
	void failsAndGivesUpWhenTheFirstWriteIsRefused() {
		this.member.txn().otherwiseFail(Status.PERMISSION_DENIED.withDescription("etcdserver: permission denied"));

		assertThat(failureOf(this.naming.addAsync("a", ENDPOINT, this.session)))
			.isInstanceOf(EtcdPermissionException.class);
		assertThatExceptionOfType(EtcdPermissionException.class)
			.isThrownBy(() -> this.naming.add("a", ENDPOINT, this.session));
	}

	@Test
	void failsWhenTheSessionIsClosed() {
		this.session.close();

		assertThat(failureOf(this.naming.addAsync("a", ENDPOINT, this.session)))
			.isInstanceOf(EtcdClosedException.class);
		assertThat(this.member.txn().count()).isZero();
	}

	@Test
	void failsWhenTheSessionIsClosedBeforeTheFirstWriteSucceeds() {
		this.member.txn().otherwiseFail(Status.UNAVAILABLE);
		CompletableFuture<EndpointRegistration> adding = this.naming.addAsync("a", ENDPOINT, this.session);
		this.member.txn().awaitCall(0);

		this.session.close();
		this.clock.passDelaysUntil(adding::isDone, LONGEST_PAUSE);

		assertThat(failureOf(adding)).isInstanceOf(EtcdClosedException.class);
	}

	@Test
	void putsTheEntryBackWhenTheClusterIsPutBackToABackupWithoutIt() {
		this.store.put("other");
		EndpointRegistration registration = register();
		await().until(() -> this.store.watches() == 1);
		QueueStore backup = new QueueStore().serve(this.member).serveWatches(this.member);

		this.member.watch().streams().get(0).fail(Status.UNAVAILABLE);

		this.clock.passDelaysUntil(() -> backup.get("echo/a").isPresent(), LONGEST_PAUSE);
		assertOwn(backup.get("echo/a").orElseThrow());
		await().until(registration::isRegistered);
		assertThat(registration.revision()).isEqualTo(backup.get("echo/a").orElseThrow().getModRevision());
		registration.close();
		assertThat(backup.keys()).isEmpty();
	}

	@Test
	void leavesTheEntryAsItIsWhenItsHistoryIsCompacted() {
		EndpointRegistration registration = register();
		long revision = registration.revision();
		await().until(() -> this.store.watches() == 1);

		this.member.watch().streams().get(0).send(WatchAnswers.compacted(0, 5000));

		await().until(() -> this.store.watches() == 2);
		assertThat(registration.isRegistered()).isTrue();
		assertThat(registration.revision()).isEqualTo(revision);
		assertThat(entry().getVersion()).isEqualTo(1);
	}

	@Test
	void letsAnotherHandDeleteTheEntry() {
		register();
		await().until(() -> this.store.watches() == 1);

		this.store.delete("echo/a");

		await().until(() -> this.store.watches() == 0);
		assertThat(this.store.keys()).isEmpty();
		assertThat(this.member.txn().count()).isEqualTo(1);
	}

}
