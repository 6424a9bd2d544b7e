/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.session;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.stream.Stream;

import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.election.LeaderElection;
import io.github.etcdspring.fixture.FakeClock;
import io.github.etcdspring.fixture.QueueStore;
import io.github.etcdspring.fixture.ScriptedCluster;
import io.github.etcdspring.fixture.ScriptedEtcd;
import io.github.etcdspring.lock.EtcdLock;
import io.github.etcdspring.recipes.EtcdDoubleBarrier;
import io.github.etcdspring.recipes.EtcdSemaphore;
import io.grpc.Status;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static io.github.etcdspring.fixture.Results.failureOf;
import static io.github.etcdspring.fixture.Results.resultOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests of attempts to own that are given up: what is left of them when that is told.
 */
class GivenUpTests {

	private static final Duration TTL = Duration.ofSeconds(60);

	private static final Duration TIME = Duration.ofSeconds(1);

	/** What an answer may take beyond its time. */
	private static final Duration GRACE = Duration.ofMillis(250);

	/** What the others hold. */
	private static final String RIVAL = "name/1";

	@RegisterExtension
	final ScriptedCluster cluster = new ScriptedCluster();

	private final FakeClock clock = new FakeClock();

	private static final int ROUNDS = 20;

	/** In the others the machine was busy for longer than the answer waits. */
	private static final int MOST_ROUNDS = 15;

	private ScriptedEtcd member;

	private QueueStore store;

	private Session session;

	@BeforeEach
	void open() {
		this.member = this.cluster.member();
		this.store = new QueueStore().serve(this.member).serveWatches(this.member);
		this.store.put(RIVAL);
		this.session = this.cluster.closing(Session.open(this.cluster.client(this.clock, this.member), TTL));
		resultOf(this.session.leaseAsync());
	}

	private void awaitWatches(int number) {
		await().until(() -> this.store.watches() == number);
	}

	/** An attempt whose key is about to be deleted, by the call that is returned. */
	private int timeOut() {
		awaitWatches(1);
		int calls = this.member.txn().count();
		this.member.txn().thenHold();
		this.clock.advance(TIME);
		this.member.txn().awaitCall(calls);
		return calls;
	}

	@Test
	@DisplayName("L4: an attempt whose time is up has left the queue when it says so")
	void hasLeftTheQueueWhenItsTimeIsUp() {
		CompletableFuture<Optional<Ownership>> attempt = EtcdSemaphore.of(this.session, "name", 1)
			.tryAcquireAsync(TIME);
		var deletion = this.member.txn().awaitCall(timeOut());
		assertThat(attempt).isNotDone();

		deletion.answer(this.store.commit(deletion.request()));

		assertThat(resultOf(attempt)).isEmpty();
		assertThat(this.store.keys()).containsExactly(RIVAL);
	}

	@Test
	@DisplayName("L4: an attempt whose time is up ends in time though its key is not deleted")
	void endsInTimeThoughItsKeyIsNotDeleted() {
		CompletableFuture<Optional<Ownership>> attempt = EtcdSemaphore.of(this.session, "name", 1)
			.tryAcquireAsync(TIME);
		int deletion = timeOut();

		this.clock.advance(GRACE);

		assertThat(resultOf(attempt)).isEmpty();
		this.member.txn().awaitCall(deletion).fail(Status.PERMISSION_DENIED);
	}

	@Test
	void endsAtOnceWhenItsKeyMayNotBeDeleted() {
		CompletableFuture<Optional<Ownership>> attempt = EtcdSemaphore.of(this.session, "name", 1)
			.tryAcquireAsync(TIME);
		var deletion = this.member.txn().awaitCall(timeOut());

		deletion.fail(Status.PERMISSION_DENIED.withDescription("etcdserver: permission denied"));

		assertThat(resultOf(attempt)).isEmpty();
	}

	@Test
	void hasLeftTheDoubleBarrierWhenItsTimeIsUp() {
		var attempt = EtcdDoubleBarrier.of(this.session, "round", 2).enterAsync(TIME);
		var deletion = this.member.txn().awaitCall(timeOut());
		assertThat(attempt).isNotDone();

		deletion.answer(this.store.commit(deletion.request()));

		assertThat(resultOf(attempt)).isEmpty();
		assertThat(this.store.keys()).containsExactly(RIVAL);
	}

	@Test
	void hasLeftTheQueueWhenItDoesNotWait() {
		this.member.txn().then((call) -> call.answer(this.store.commit(call.request()))).thenHold();
		CompletableFuture<Optional<Ownership>> attempt = EtcdSemaphore.of(this.session, "name", 1)
			.tryAcquireAsync(Duration.ZERO);
		var deletion = this.member.txn().awaitCall(1);
		assertThat(attempt).isNotDone();

		deletion.answer(this.store.commit(deletion.request()));

		assertThat(resultOf(attempt)).isEmpty();
		assertThat(this.store.keys()).containsExactly(RIVAL);
	}

	@Test
	@DisplayName("L4: a thread whose time is up finds no key of its own")
	void findsNoKeyOfItsOwnWhenTheTimeOfTheThreadIsUp() throws Exception {
		EtcdLock lock = EtcdLock.of(this.session, "name");
		int alone = 0;

		for (int i = 0; i < ROUNDS; i++) {
			assertThat(lock.tryLock(5, TimeUnit.MILLISECONDS)).isFalse();
			alone += this.store.keys().equals(List.of(RIVAL)) ? 1 : 0;
			awaitRivalAlone();
		}

		assertThat(alone).isGreaterThanOrEqualTo(MOST_ROUNDS);
	}

	@Test
	void findsNoKeyOfItsOwnWhenTheThreadIsInterrupted() {
		EtcdLock lock = EtcdLock.of(this.session, "name");
		int alone = 0;

		for (int i = 0; i < ROUNDS; i++) {
			CompletableFuture<List<String>> found = new CompletableFuture<>();
			Thread thread = new Thread(() -> {
				try {
					lock.lockInterruptibly();
				}
				catch (InterruptedException ex) {
					found.complete(this.store.keys());
				}
			});
			thread.start();
			awaitWatches(1);
			thread.interrupt();
			alone += resultOf(found).equals(List.of(RIVAL)) ? 1 : 0;
			awaitRivalAlone();
			awaitWatches(0);
		}

		assertThat(alone).isGreaterThanOrEqualTo(MOST_ROUNDS);
	}

	private void awaitRivalAlone() {
		await().untilAsserted(() -> assertThat(this.store.keys()).containsExactly(RIVAL));
	}

	static Stream<Named<Function<Session, CompletableFuture<?>>>> attempts() {
		ByteSequence prefix = ByteSequence.of("name/");
		return Stream.of(Named.of("enter", (session) -> session.enter(prefix, ByteSequence.EMPTY)),
				Named.of("campaign", (session) -> LeaderElection.of(session, "name").campaignAsync(ByteSequence.EMPTY)),
				Named.of("acquire", (session) -> EtcdSemaphore.of(session, "name", 1).acquireAsync()),
				Named.of("acquire in time", (session) -> EtcdSemaphore.of(session, "name", 1).tryAcquireAsync(TIME)),
				Named.of("double barrier", (session) -> EtcdDoubleBarrier.of(session, "round", 2).enterAsync()));
	}

	@ParameterizedTest
	@MethodSource("attempts")
	void leavesTheQueueWhenItsFutureIsCompletedByAnotherHand(Function<Session, CompletableFuture<?>> attempt) {
		CompletableFuture<?> future = attempt.apply(this.session);
		awaitWatches(1);

		future.complete(null);

		await().untilAsserted(() -> assertThat(this.store.keys()).containsExactly(RIVAL));
		awaitWatches(0);
	}

	@ParameterizedTest
	@MethodSource("attempts")
	void leavesTheQueueWhenItsFutureTimesOut(Function<Session, CompletableFuture<?>> attempt) {
		CompletableFuture<?> future = attempt.apply(this.session).orTimeout(5, TimeUnit.MILLISECONDS);

		assertThat(failureOf(future)).isInstanceOf(TimeoutException.class);

		await().untilAsserted(() -> assertThat(this.store.keys()).containsExactly(RIVAL));
		awaitWatches(0);
	}

}
