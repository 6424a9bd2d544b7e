/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.recipes;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

import io.github.etcdspring.EtcdException;
import io.github.etcdspring.EtcdRequestException;
import io.github.etcdspring.Outcome;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.fixture.FakeClock;
import io.github.etcdspring.fixture.QueueStore;
import io.github.etcdspring.fixture.ScriptedCluster;
import io.github.etcdspring.fixture.ScriptedEtcd;
import io.grpc.Status;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static io.github.etcdspring.fixture.Results.failureOf;
import static io.github.etcdspring.fixture.Results.resultOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

/**
 * Tests of {@link EtcdBarrier} and {@link EtcdCountDownBarrier}.
 */
class EtcdBarrierTests {

	private static final Status LOST = Status.UNAVAILABLE.withDescription("etcdserver: request timed out");

	@RegisterExtension
	final ScriptedCluster cluster = new ScriptedCluster();

	private final FakeClock clock = new FakeClock();

	private ScriptedEtcd member;

	private QueueStore store;

	private EtcdBarrier barrier;

	private EtcdCountDownBarrier counting;

	@BeforeEach
	void open() {
		this.member = this.cluster.member();
		this.store = new QueueStore().serve(this.member).serveWatches(this.member);
		EtcdClient client = this.cluster.client(this.clock, this.member);
		this.barrier = EtcdBarrier.of(client, "barrier");
		this.counting = EtcdCountDownBarrier.of(client, "barrier");
	}

	private void awaitWatches(int number) {
		await().until(() -> this.store.watches() == number);
	}

	@Test
	void letsThoseWhoWaitGoWhenItIsReleased() throws InterruptedException {
		assertThat(this.barrier.hold()).isTrue();
		assertThat(this.barrier.hold()).isFalse();
		assertThat(this.store.keys()).containsExactly("barrier");
		CompletableFuture<Boolean> waiting = this.barrier.awaitAsync();
		awaitWatches(1);
		assertThat(waiting).isNotDone();

		assertThat(this.barrier.release()).isTrue();

		assertThat(resultOf(waiting)).isTrue();
		awaitWatches(0);
		assertThat(this.barrier.release()).isFalse();
		this.barrier.await();
	}

	@Test
	void letsThoseWhoWaitGoThoughItIsHeldAgainAtOnce() {
		this.barrier.hold();
		CompletableFuture<Boolean> waiting = this.barrier.awaitAsync();
		awaitWatches(1);

		this.store.delete("barrier");
		this.store.put("barrier");

		assertThat(resultOf(waiting)).isTrue();
	}

	@Test
	void endsTheWatchWhenTheWaitIsCancelledOrItsTimeIsUp() {
		this.barrier.hold();
		CompletableFuture<Boolean> cancelled = this.barrier.awaitAsync();
		CompletableFuture<Boolean> timed = this.barrier.awaitAsync(Duration.ofSeconds(1));
		awaitWatches(2);

		cancelled.cancel(false);
		awaitWatches(1);
		this.clock.advance(Duration.ofSeconds(1));

		assertThat(resultOf(timed)).isFalse();
		awaitWatches(0);
	}

	@Test
	void endsWatchAndTimerWhenATimedWaitIsCancelled() {
		this.barrier.hold();
		this.barrier.awaitAsync();
		awaitWatches(1);
		CompletableFuture<Boolean> timed = this.barrier.awaitAsync(Duration.ofSeconds(1));
		awaitWatches(2);
		int tasks = this.clock.pendingTasks();

		timed.cancel(false);

		awaitWatches(1);
		await().until(() -> this.clock.pendingTasks() == tasks - 1);
	}

	@Test
	void endsTheWatchWhenItsFutureIsCompletedByAnotherHand() {
		this.barrier.hold();
		CompletableFuture<Boolean> waiting = this.barrier.awaitAsync();
		awaitWatches(1);

		waiting.complete(true);

		awaitWatches(0);
	}

	@Test
	void saysThatItMayBeHeldWhenTheAnswerIsLost() {
		this.member.txn().thenFail(LOST);

		assertThat(failureOf(this.barrier.holdAsync())).isInstanceOfSatisfying(EtcdException.class,
				(failure) -> assertThat(failure.outcome()).isEqualTo(Outcome.UNKNOWN));
		assertThat(this.member.txn().count()).isEqualTo(1);
	}

	@Test
	void saysThatNothingWasCountedWhenItCannotAsk() {
		this.counting.hold(2);
		this.member.txn().thenFail(LOST);

		assertThatExceptionOfType(EtcdException.class).isThrownBy(() -> this.counting.countDown("one"))
			.satisfies((failure) -> assertThat(failure.outcome()).isEqualTo(Outcome.NOT_APPLIED));

		assertThat(this.counting.count()).isEqualTo(2);
	}

	@Test
	void opensWhenAsManyHaveCountedAsItWasHeldFor() {
		assertThat(this.counting.hold(2)).isTrue();
		assertThat(this.counting.hold(5)).isFalse();
		CompletableFuture<Boolean> waiting = this.counting.awaitAsync();
		awaitWatches(1);

		assertThat(this.counting.countDown("a")).isEqualTo(1);
		assertThat(this.counting.count()).isEqualTo(1);
		assertThat(this.store.keys()).containsExactly("barrier", "barrier/a");
		assertThat(waiting).isNotDone();
		assertThat(this.counting.countDown("b")).isZero();

		assertThat(resultOf(waiting)).isTrue();
		assertThat(this.counting.count()).isZero();
		assertThat(this.store.keys()).isEmpty();
	}

	@Test
	void countsAPartyOnce() {
		this.counting.hold(2);

		assertThat(this.counting.countDown("a")).isEqualTo(1);
		assertThat(this.counting.countDown("a")).isEqualTo(1);

		assertThat(this.counting.count()).isEqualTo(1);
	}

	@Test
	void countsOnceWhenItIsRepeatedAfterALostAnswer() {
		this.counting.hold(3);
		this.member.txn().then((call) -> call.answer(this.store.commit(call.request()))).then((call) -> {
			this.store.commit(call.request());
			call.fail(LOST);
		});
		assertThat(failureOf(this.counting.countDownAsync("a"))).isInstanceOf(EtcdException.class);

		assertThat(this.counting.countDown("a")).isEqualTo(2);
	}

	@Test
	void countsAgainWhenAnotherCountedMeanwhile() {
		this.counting.hold(3);
		this.member.txn().then((call) -> call.answer(this.store.commit(call.request()))).then((call) -> {
			this.store.put("barrier/b");
			this.store.put("barrier", "2");
			call.answer(this.store.commit(call.request()));
		});

		assertThat(this.counting.countDown("a")).isEqualTo(1);
	}

	@Test
	void doesNotCountAtTheNextBarrierOfTheName() {
		this.counting.hold(1);
		this.member.txn().then((call) -> call.answer(this.store.commit(call.request()))).then((call) -> {
			this.store.delete("barrier");
			this.store.put("barrier", "4");
			call.answer(this.store.commit(call.request()));
		});

		assertThat(this.counting.countDown("a")).isZero();

		assertThat(this.counting.count()).isEqualTo(4);
		assertThat(this.store.keys()).containsExactly("barrier");
	}

	@Test
	void refusesToCountWhereThereIsNoCount() {
		this.barrier.hold();

		assertThatExceptionOfType(EtcdRequestException.class).isThrownBy(() -> this.counting.countDown("a"))
			.withMessageContaining("the key barrier holds no count");
		assertThatIllegalArgumentException().isThrownBy(() -> this.counting.hold(0))
			.withMessage("count: 0 (expected: at least 1)");
		assertThatIllegalArgumentException().isThrownBy(() -> this.counting.countDown(""))
			.withMessage("party: '' (expected: at least one character)");
	}

}
