/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.naming;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

import io.github.etcdspring.EtcdClosedException;
import io.github.etcdspring.EtcdPermissionException;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.fixture.FakeClock;
import io.github.etcdspring.fixture.ScriptedCluster;
import io.github.etcdspring.fixture.ScriptedEtcd;
import io.github.etcdspring.internal.proto.HeaderProto.ResponseHeader;
import io.github.etcdspring.internal.proto.KvProto.Compare;
import io.github.etcdspring.internal.proto.KvProto.ResponseOp;
import io.github.etcdspring.internal.proto.KvProto.TxnRequest;
import io.github.etcdspring.internal.proto.KvProto.TxnResponse;
import io.github.etcdspring.session.Session;
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
 * another process at the same entry (R8).
 */
class EndpointRegistrationTests {

	private static final Duration TTL = Duration.ofSeconds(9);

	/** The longest pause before another try. */
	private static final Duration LONGEST_PAUSE = Duration.ofMillis(1300);

	private static final Endpoint ENDPOINT = Endpoint.of("h:1");

	@RegisterExtension
	final ScriptedCluster cluster = new ScriptedCluster();

	private final FakeClock clock = new FakeClock();

	private ScriptedEtcd member;

	private EtcdClient client;

	private Session session;

	private Naming naming;

	@BeforeEach
	void start() {
		this.member = this.cluster.member();
		this.client = this.cluster.client(this.clock, this.member);
		this.member.txn().otherwise((call) -> call.answer(answer(50, true)));
		this.session = this.cluster.closing(Session.open(this.client, TTL));
		this.naming = Naming.of(this.client, "echo");
	}

	private static TxnResponse answer(long revision, boolean succeeded) {
		return TxnResponse.newBuilder()
			.setHeader(ResponseHeader.newBuilder().setRevision(revision))
			.setSucceeded(succeeded)
			.build();
	}

	/** The entry is there, and was written last by neither write of this process. */
	private static TxnResponse heldByAnother() {
		return answer(60, false).toBuilder()
			.addResponses(ResponseOp.newBuilder()
				.setResponseTxn(answer(60, false).toBuilder()
					.addResponses(ResponseOp.newBuilder().setResponseTxn(answer(60, false)))))
			.build();
	}

	private TxnRequest txn(int number) {
		return this.member.txn().awaitCall(number).request();
	}

	private EndpointRegistration register() {
		return this.cluster.closing(resultOf(this.naming.addAsync("a", ENDPOINT, this.session)));
	}

	private void passPauses(int calls) {
		this.clock.passDelaysUntil(() -> this.member.txn().count() >= calls, LONGEST_PAUSE);
	}

	@Test
	void takesTheEntryOverOnTheLeaseOfTheSession() {
		EndpointRegistration registration = register();

		assertThat(txn(0).getCompareCount()).isZero();
		assertThat(txn(0).getSuccess(0).getRequestPut().getKey().toStringUtf8()).isEqualTo("echo/a");
		assertThat(txn(0).getSuccess(0).getRequestPut().getLease())
			.isEqualTo(this.session.lease().orElseThrow().lease().value());
		assertThat(registration.revision()).isEqualTo(50);
		assertThat(registration.isRegistered()).isTrue();
		assertThat(registration).hasToString("EndpointRegistration[echo/a]");
	}

	@Test
	void writesTheEntryAgainOnTheNextLeaseUnlessAnotherHandHasWrittenItSince() {
		EndpointRegistration registration = register();
		long first = this.session.lease().orElseThrow().lease().value();

		this.clock.jump(TTL);
		assertThat(registration.isRegistered()).isFalse();
		assertThat(this.session.lease()).isEmpty();
		passPauses(2);

		TxnRequest again = txn(1);
		assertThat(again.getCompare(0).getTarget()).isEqualTo(Compare.CompareTarget.CREATE);
		assertThat(again.getSuccess(0).getRequestPut().getLease()).isNotEqualTo(first);
		TxnRequest ifOwn = again.getFailure(0).getRequestTxn();
		assertThat(ifOwn.getCompare(0).getModRevision()).isEqualTo(50);
		assertThat(ifOwn.getFailure(0).getRequestTxn().getCompare(0).getLease()).isEqualTo(first);
		await().until(registration::isRegistered);
	}

	@Test
	@DisplayName("R8: a newer process keeps the entry; the older looks again whether it has gone")
	void doesNotPushOutAnotherProcessAndLooksAgainWhetherItHasGone() {
		EndpointRegistration registration = register();
		this.member.txn()
			.thenAnswer(heldByAnother())
			.thenAnswer(heldByAnother())
			.otherwise((call) -> call.answer(answer(70, true)));

		this.clock.jump(TTL);
		assertThat(this.session.lease()).isEmpty();
		passPauses(3);
		assertThat(registration.isRegistered()).isFalse();
		this.clock.passDelaysUntil(registration::isRegistered, Duration.ofSeconds(13));

		assertThat(registration.revision()).isEqualTo(70);
	}

	@Test
	void writesAgainWhenTheFirstAnswerIsLost() {
		this.member.txn().thenFail(Status.UNAVAILABLE);

		CompletableFuture<EndpointRegistration> adding = this.naming.addAsync("a", ENDPOINT, this.session);
		passPauses(2);

		EndpointRegistration registration = this.cluster.closing(resultOf(adding));
		assertThat(txn(1).getCompareCount()).isZero();
		assertThat(registration.isRegistered()).isTrue();
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
	void takesBackNoOthersEntryWhenClosed() {
		EndpointRegistration registration = register();

		registration.close();
		registration.close();

		assertThat(this.member.txn().count()).isEqualTo(2);
		assertThat(txn(1).getCompare(0).getModRevision()).isEqualTo(50);
		assertThat(txn(1).getSuccess(0).getRequestDeleteRange().getKey().toStringUtf8()).isEqualTo("echo/a");
		assertThat(txn(1).getFailureCount()).isZero();
		assertThat(registration.isRegistered()).isFalse();
		assertThat(this.session.lease()).isPresent();
	}

	@Test
	void takesBackWhatIsBeingWrittenWhenItIsCancelled() {
		this.member.txn().thenHold();
		CompletableFuture<EndpointRegistration> adding = this.naming.addAsync("a", ENDPOINT, this.session);
		var call = this.member.txn().awaitCall(0);

		adding.cancel(false);
		call.answer(answer(55, true));

		assertThat(txn(1).getCompare(0).getModRevision()).isEqualTo(55);
		assertThat(txn(1).getSuccess(0).hasRequestDeleteRange()).isTrue();
	}

	@Test
	void isKnownByItsLeaseWhenItIsClosedAndItsAnswerWasLost() {
		this.member.txn().thenHold();
		CompletableFuture<EndpointRegistration> adding = this.naming.addAsync("a", ENDPOINT, this.session);
		var call = this.member.txn().awaitCall(0);

		adding.cancel(false);
		call.fail(Status.UNAVAILABLE);

		assertThat(txn(1).getCompare(0).getTarget()).isEqualTo(Compare.CompareTarget.LEASE);
		assertThat(txn(1).getCompare(0).getLease()).isEqualTo(this.session.lease().orElseThrow().lease().value());
	}

}
