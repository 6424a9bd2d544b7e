/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.naming;

import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.fixture.FakeClock;
import io.github.etcdspring.fixture.QueueStore;
import io.github.etcdspring.fixture.ScriptedCall;
import io.github.etcdspring.fixture.ScriptedCluster;
import io.github.etcdspring.fixture.ScriptedEtcd;
import io.github.etcdspring.internal.proto.KvProto.TxnRequest;
import io.github.etcdspring.internal.proto.KvProto.TxnResponse;
import io.github.etcdspring.session.Session;
import io.grpc.Status;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static io.github.etcdspring.fixture.Results.resultOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests of how an {@link EndpointRegistration} is closed: what it takes back, and that no
 * entry of it comes later (P9).
 */
class EndpointRegistrationCloseTests {

	/** No lease is to end here. */
	private static final Duration TTL = Duration.ofHours(24);

	/** The longest pause before the first look for a late entry. */
	private static final Duration LONGEST_PAUSE = Duration.ofMillis(1100);

	private static final Endpoint ENDPOINT = Endpoint.of("h:1");

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
		return resultOf(this.naming.addAsync("a", ENDPOINT, this.session));
	}

	/** Returns the write of a registration that was closed before its answer. */
	private ScriptedCall<TxnRequest, TxnResponse> closeWhileWriting() {
		int before = this.member.txn().count();
		this.member.txn().thenHold();
		CompletableFuture<EndpointRegistration> adding = this.naming.addAsync("a", ENDPOINT, this.session);
		var write = this.member.txn().awaitCall(before);
		adding.cancel(false);
		return write;
	}

	/** What a server does with a request that it was paused with, in its own time. */
	private void applyLate(ScriptedCall<TxnRequest, TxnResponse> call) {
		this.store.commit(call.request());
	}

	/** Waits until a look for a late entry is planned. */
	private void awaitPlan() {
		await().until(() -> this.clock.delaysUpTo(LONGEST_PAUSE).stream().anyMatch((delay) -> delay.toMillis() >= 900));
	}

	private void awaitTransactions(int count) {
		await().until(() -> {
			this.clock.advance(Duration.ofSeconds(5));
			return this.member.txn().count() >= count;
		});
	}

	@Test
	void takesBackItsEntryAndLeavesTheSession() {
		EndpointRegistration registration = register();
		await().until(() -> this.store.watches() == 1);

		registration.close();
		registration.close();

		assertThat(this.store.keys()).isEmpty();
		assertThat(this.member.txn().count()).isEqualTo(2);
		assertThat(registration.isRegistered()).isFalse();
		assertThat(this.session.lease()).isPresent();
		await().until(() -> this.store.watches() == 0);
	}

	@Test
	void leavesWhatAnotherHandHasWrittenSince() {
		EndpointRegistration registration = register();
		this.store.put("echo/a", "theirs");

		registration.close();

		assertThat(this.store.keys()).containsExactly("echo/a");
	}

	@Test
	void triesAgainUntilItsEntryIsGone() {
		EndpointRegistration registration = register();
		this.member.txn().thenFail(Status.UNAVAILABLE).thenFail(Status.UNKNOWN);

		CompletableFuture<Void> closed = CompletableFuture.runAsync(registration::close);
		this.clock.passDelaysUntil(() -> this.store.keys().isEmpty(), LONGEST_PAUSE);

		resultOf(closed);
	}

	@Test
	void takesBackWhatIsBeingWrittenWhenItIsCancelled() {
		var write = closeWhileWriting();

		write.answer(this.store.commit(write.request()));

		this.member.txn().awaitCall(1);
		await().until(() -> this.store.keys().isEmpty());
	}

	@Test
	void takesBackWhatWasWrittenThoughTheAnswerWasLost() {
		var write = closeWhileWriting();

		applyLate(write);
		write.fail(Status.UNAVAILABLE);

		await().until(() -> this.store.keys().isEmpty());
	}

	@Test
	@DisplayName("P9: a put whose answer was lost, and which comes after the close, is taken back")
	void takesBackWhatIsWrittenAfterTheClose() {
		var write = closeWhileWriting();
		write.fail(Status.UNAVAILABLE);
		this.member.txn().awaitCall(1);

		applyLate(write);
		assertThat(this.store.keys()).containsExactly("echo/a");

		this.clock.passDelaysUntil(() -> this.store.keys().isEmpty(), LONGEST_PAUSE);
	}

	@Test
	void looksForALateEntryTenTimesAndNoMore() {
		closeWhileWriting().fail(Status.UNAVAILABLE);

		awaitTransactions(12);
		this.clock.advance(Duration.ofHours(1));
		register().close();

		assertThat(this.member.txn().count()).isEqualTo(14);
	}

	@Test
	void doesNotTakeTheEntryOfALaterRegistrationForItsOwn() {
		var write = closeWhileWriting();
		write.fail(Status.UNAVAILABLE);
		awaitPlan();
		EndpointRegistration later = register();
		long revision = later.revision();

		applyLate(write);
		awaitTransactions(4);

		assertThat(this.store.get("echo/a").orElseThrow().getModRevision()).isEqualTo(revision);
		later.close();
		assertThat(this.store.keys()).isEmpty();
		applyLate(write);
		assertThat(this.store.keys()).containsExactly("echo/a");
		awaitTransactions(6);
		await().until(() -> this.store.keys().isEmpty());
	}

	@Test
	void doesNotTakeTheEntryOfALaterRegistrationForItsOwnThoughItIsClosedAfterIt() {
		this.member.txn().thenFail(Status.UNAVAILABLE);
		CompletableFuture<EndpointRegistration> adding = this.naming.addAsync("a", ENDPOINT, this.session);
		this.clock.passDelaysUntil(adding::isDone, LONGEST_PAUSE);
		EndpointRegistration later = this.cluster.closing(register());

		resultOf(adding).close();

		assertThat(this.store.get("echo/a").orElseThrow().getModRevision()).isEqualTo(later.revision());
	}

	@Test
	void isForgottenByTheSession() {
		WeakReference<EndpointRegistration> closed = closedRegistration();

		await().until(() -> {
			System.gc();
			return closed.get() == null;
		});
	}

	private WeakReference<EndpointRegistration> closedRegistration() {
		EndpointRegistration registration = register();
		registration.close();
		return new WeakReference<>(registration);
	}

}
