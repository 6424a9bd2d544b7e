/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.recipes;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

import io.github.etcdspring.EtcdException;
import io.github.etcdspring.EtcdRequestException;
import io.github.etcdspring.LeaseLostException;
import io.github.etcdspring.Outcome;
import io.github.etcdspring.fixture.FakeClock;
import io.github.etcdspring.fixture.QueueStore;
import io.github.etcdspring.fixture.ScriptedCluster;
import io.github.etcdspring.fixture.ScriptedEtcd;
import io.github.etcdspring.fixture.UnaryScript;
import io.github.etcdspring.internal.proto.KvProto.RequestOp;
import io.github.etcdspring.internal.proto.KvProto.TxnRequest;
import io.github.etcdspring.internal.proto.KvProto.TxnResponse;
import io.github.etcdspring.internal.proto.LeaseProto.LeaseKeepAliveResponse;
import io.github.etcdspring.session.Session;
import io.grpc.Status;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static io.github.etcdspring.fixture.Results.failureOf;
import static io.github.etcdspring.fixture.Results.resultOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests of {@link EtcdDoubleBarrier}: who goes on, and what becomes of those who do not.
 */
class EtcdDoubleBarrierTests {

	private static final Duration TTL = Duration.ofSeconds(60);

	@RegisterExtension
	final ScriptedCluster cluster = new ScriptedCluster();

	private final FakeClock clock = new FakeClock();

	private ScriptedEtcd member;

	private QueueStore store;

	private Session session;

	private EtcdDoubleBarrier barrier;

	@BeforeEach
	void open() {
		this.member = this.cluster.member();
		this.store = new QueueStore().serve(this.member).serveWatches(this.member);
		this.session = this.cluster.closing(Session.open(this.cluster.client(this.clock, this.member), TTL));
		this.barrier = EtcdDoubleBarrier.of(this.session, "barrier", 2);
		resultOf(this.session.leaseAsync());
	}

	private void awaitWatches(int number) {
		await().until(() -> this.store.watches() == number);
	}

	@Test
	void letsPartiesGoOnWhenAllAreThere() {
		CompletableFuture<Attendance> first = this.barrier.enterAsync();
		awaitWatches(1);
		assertThat(first).isNotDone();

		CompletableFuture<Attendance> second = this.barrier.enterAsync();

		assertThat(resultOf(first).isHeld()).isTrue();
		assertThat(resultOf(second).isHeld()).isTrue();
		assertThat(this.store.keys()).hasSize(3).first().isEqualTo("barrier/ready");
		assertThat(this.store.keys().subList(1, 3)).allMatch((key) -> key.matches("barrier/waiters/[0-9]{19}"));
		awaitWatches(0);
	}

	@Test
	void letsPartiesGoWhenAllLeave() {
		CompletableFuture<Attendance> first = this.barrier.enterAsync();
		awaitWatches(1);
		Attendance second = resultOf(this.barrier.enterAsync());
		CompletableFuture<Boolean> firstLeaves = resultOf(first).leaveAsync();
		awaitWatches(1);
		assertThat(firstLeaves).isNotDone();

		assertThat(resultOf(second.leaveAsync())).isTrue();

		assertThat(resultOf(firstLeaves)).isTrue();
		assertThat(this.store.keys()).isEmpty();
		awaitWatches(0);
	}

	@Test
	void waitsForTheFirstWhenItLeavesBeforeIt() {
		CompletableFuture<Attendance> first = this.barrier.enterAsync();
		awaitWatches(1);
		Attendance second = resultOf(this.barrier.enterAsync());
		CompletableFuture<Boolean> secondLeaves = second.leaveAsync();
		await().untilAsserted(() -> assertThat(this.store.keys()).hasSize(2));
		assertThat(secondLeaves).isNotDone();

		assertThat(resultOf(resultOf(first).leaveAsync())).isTrue();

		assertThat(resultOf(secondLeaves)).isTrue();
		assertThat(this.store.keys()).isEmpty();
	}

	@Test
	void turnsAwayWhoComesWhenAllAreThere() {
		CompletableFuture<Attendance> first = this.barrier.enterAsync();
		resultOf(this.barrier.enterAsync());
		resultOf(first);

		CompletableFuture<Attendance> third = this.barrier.enterAsync();

		assertThat(failureOf(third)).isInstanceOf(EtcdRequestException.class)
			.hasMessageContaining("the barrier barrier has its 2 parties already");
		await().until(() -> this.store.keys().size() == 3);
	}

	@Test
	void doesNotGoOnForAReadyKeyOfAnEarlierRound() {
		this.store.put("barrier/ready");
		CompletableFuture<Attendance> first = this.barrier.enterAsync();
		awaitWatches(1);

		assertThat(first).isNotDone();
		resultOf(this.barrier.enterAsync());

		assertThat(resultOf(first).isHeld()).isTrue();
	}

	@Test
	void goesOnWhenTheAnswerToTheLastWriteIsLost() {
		CompletableFuture<Attendance> first = this.barrier.enterAsync();
		awaitWatches(1);
		this.member.txn().otherwise((call) -> {
			var answer = this.store.commit(call.request());
			boolean opens = call.request()
				.getSuccessList()
				.stream()
				.map(RequestOp::getRequestPut)
				.anyMatch((put) -> put.getKey().toStringUtf8().equals("barrier/ready"));
			if (opens) {
				this.store.serve(this.member);
				call.fail(Status.UNAVAILABLE.withDescription("etcdserver: request timed out"));
			}
			else {
				call.answer(answer);
			}
		});

		CompletableFuture<Attendance> second = this.barrier.enterAsync();
		this.clock.passDelaysUntil(second::isDone, Duration.ofMillis(100));

		assertThat(resultOf(second).isHeld()).isTrue();
		assertThat(resultOf(first).isHeld()).isTrue();
	}

	@Test
	void deletesItsKeyWhenTheWaitIsCancelledOrItsTimeIsUp() {
		CompletableFuture<Attendance> cancelled = this.barrier.enterAsync();
		awaitWatches(1);
		cancelled.cancel(false);
		await().until(() -> this.store.keys().isEmpty());
		awaitWatches(0);

		CompletableFuture<Optional<Attendance>> timed = this.barrier.enterAsync(Duration.ofSeconds(1));
		awaitWatches(1);
		this.clock.advance(Duration.ofSeconds(1));

		assertThat(resultOf(timed)).isEmpty();
		await().until(() -> this.store.keys().isEmpty());
		awaitWatches(0);
	}

	@Test
	void failsWhenTheLeaseIsLostWhileItWaits() {
		CompletableFuture<Attendance> first = this.barrier.enterAsync();
		awaitWatches(1);
		this.clock.advance(TTL.dividedBy(3));
		var renewals = this.member.keepAlive().awaitStream(0);

		renewals.send(LeaseKeepAliveResponse.newBuilder().setID(renewals.awaitMessage(0).getID()).build());

		assertThat(failureOf(first)).isInstanceOf(LeaseLostException.class)
			.hasMessageContaining("lost the lease while waiting at the barrier barrier: NOT_FOUND");
		awaitWatches(0);
	}

	@Test
	void failsWhenItsKeyIsDeletedBySomebodyElseWhileItWaits() {
		CompletableFuture<Attendance> first = this.barrier.enterAsync();
		awaitWatches(1);

		this.store.delete(this.store.keys().get(0));

		assertThat(failureOf(first)).isInstanceOf(LeaseLostException.class)
			.hasMessageContaining("was deleted while it waited for the others");
	}

	@Test
	void saysThatItWasGoneWhenItsKeyWasDeletedBeforeItLeft() {
		CompletableFuture<Attendance> first = this.barrier.enterAsync();
		awaitWatches(1);
		Attendance second = resultOf(this.barrier.enterAsync());
		this.store.delete(second.key().toUtf8());

		CompletableFuture<Boolean> left = second.leaveAsync();
		resultOf(resultOf(first).leaveAsync());

		assertThat(resultOf(left)).isFalse();
		assertThat(this.store.keys()).isEmpty();
	}

	@Test
	void answersTheSameWhenItLeavesAgain() {
		CompletableFuture<Attendance> first = this.barrier.enterAsync();
		awaitWatches(1);
		Attendance second = resultOf(this.barrier.enterAsync());
		CompletableFuture<Boolean> left = second.leaveAsync();
		resultOf(resultOf(first).leaveAsync());
		assertThat(resultOf(left)).isTrue();

		assertThat(resultOf(second.leaveAsync())).isTrue();
		assertThat(resultOf(resultOf(first).leaveAsync())).isTrue();
	}

	@Test
	void answersTheSameWhenItLeavesAgainDuringTheNextRound() {
		EtcdDoubleBarrier alone = EtcdDoubleBarrier.of(this.session, "alone", 1);
		Attendance attendance = resultOf(alone.enterAsync());
		assertThat(resultOf(attendance.leaveAsync())).isTrue();
		resultOf(alone.enterAsync());

		assertThat(resultOf(attendance.leaveAsync())).isTrue();
	}

	@Test
	void saysThatItWasSeenWhenItLeavesAgainAfterAWaitThatWasCancelled() {
		CompletableFuture<Attendance> first = this.barrier.enterAsync();
		awaitWatches(1);
		Attendance second = resultOf(this.barrier.enterAsync());
		CompletableFuture<Boolean> cancelled = second.leaveAsync();
		await().until(() -> this.store.keys().size() == 2);
		cancelled.cancel(false);
		CompletableFuture<Boolean> again = second.leaveAsync();

		resultOf(resultOf(first).leaveAsync());

		assertThat(resultOf(again)).isTrue();
	}

	@Test
	void saysThatItMayHaveLeftWhenALookFailsAfterItBegan() {
		EtcdDoubleBarrier alone = EtcdDoubleBarrier.of(this.session, "alone", 1);
		Attendance attendance = resultOf(alone.enterAsync());
		this.member.txn().thenFail(Status.INTERNAL);

		EtcdException before = (EtcdException) failureOf(attendance.leaveAsync());
		answerTransactions(2).thenFail(Status.INTERNAL);
		EtcdException after = (EtcdException) failureOf(attendance.leaveAsync());

		assertThat(before.outcome()).isEqualTo(Outcome.NOT_APPLIED);
		assertThat(after.outcome()).isEqualTo(Outcome.UNKNOWN);
		assertThat(resultOf(attendance.leaveAsync())).isTrue();
	}

	private UnaryScript<TxnRequest, TxnResponse> answerTransactions(int count) {
		for (int i = 0; i < count; i++) {
			this.member.txn().then((call) -> call.answer(this.store.commit(call.request())));
		}
		return this.member.txn();
	}

}
