/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.recipes;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.EtcdClosedException;
import io.github.etcdspring.EtcdException;
import io.github.etcdspring.KeyValue;
import io.github.etcdspring.Outcome;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.fixture.FakeClock;
import io.github.etcdspring.fixture.QueueStore;
import io.github.etcdspring.fixture.ScriptedCluster;
import io.github.etcdspring.fixture.ScriptedEtcd;
import io.github.etcdspring.fixture.WatchAnswers;
import io.grpc.Status;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static io.github.etcdspring.fixture.Results.failureOf;
import static io.github.etcdspring.fixture.Results.resultOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests of {@link EtcdQueue} and {@link Dequeue}: deletions whose answer is lost, and
 * waits that are given up while one is under way.
 */
class EtcdQueueTests {

	private static final Status LOST = Status.UNAVAILABLE.withDescription("etcdserver: request timed out");

	@RegisterExtension
	final ScriptedCluster cluster = new ScriptedCluster();

	private final FakeClock clock = new FakeClock();

	private ScriptedEtcd member;

	private QueueStore store;

	private EtcdClient client;

	private EtcdQueue queue;

	@BeforeEach
	void open() {
		this.member = this.cluster.member();
		this.store = new QueueStore().serve(this.member).serveWatches(this.member);
		this.client = this.cluster.client(this.clock, this.member);
		this.queue = EtcdQueue.of(this.client, "queue");
	}

	private static String text(KeyValue element) {
		return element.value().toUtf8();
	}

	@Test
	void takesWhatWasWrittenFirstWhateverItsName() {
		this.store.put("queue/9", "first");
		this.store.put("queue/1", "second");
		this.store.put("queue2/0", "another's");

		assertThat(resultOf(this.queue.dequeueAsync())).satisfies((element) -> {
			assertThat(text(element)).isEqualTo("first");
			assertThat(element.key()).isEqualTo(ByteSequence.of("queue/9"));
		});
		assertThat(text(resultOf(this.queue.dequeueAsync()))).isEqualTo("second");
		assertThat(resultOf(this.queue.pollAsync())).isEmpty();
		assertThat(this.store.keys()).containsExactly("queue2/0");
	}

	@Test
	void namesElementsAsGoDoes() {
		ByteSequence key = this.queue.enqueue(ByteSequence.of("a"));

		assertThat(key.toUtf8()).matches("queue/[0-9]{19}");
		assertThat(this.store.keys()).containsExactly(key.toUtf8());
		assertThat(this.member.txn().awaitCall(0).request().getSuccess(0).getRequestPut().getLease()).isZero();
	}

	@Test
	void takesAnotherKeyWhenSomebodyHasTheOneItMadeUp() {
		this.member.txn().then((call) -> {
			this.store.put(call.request().getCompare(0).getKey().toStringUtf8(), "another's");
			call.answer(this.store.commit(call.request()));
		});

		this.queue.enqueue(ByteSequence.of("own"));

		assertThat(text(resultOf(this.queue.dequeueAsync()))).isEqualTo("another's");
		assertThat(text(resultOf(this.queue.dequeueAsync()))).isEqualTo("own");
	}

	@Test
	void saysThatAnElementMayBeThereWhenTheAnswerIsLost() {
		this.member.txn().thenFail(LOST);

		assertThat(failureOf(this.queue.enqueueAsync(ByteSequence.of("a")))).isInstanceOfSatisfying(EtcdException.class,
				(failure) -> assertThat(failure.outcome()).isEqualTo(Outcome.UNKNOWN));

		assertThat(this.member.txn().count()).isEqualTo(1);
	}

	@Test
	void waitsForAnElement() {
		CompletableFuture<KeyValue> taken = this.queue.dequeueAsync();
		await().until(() -> this.store.watches() == 1);
		assertThat(taken).isNotDone();

		this.queue.enqueue(ByteSequence.of("a"));

		assertThat(text(resultOf(taken))).isEqualTo("a");
		await().until(() -> this.store.watches() == 0);
		assertThat(this.store.keys()).isEmpty();
	}

	@Test
	void takesTheNextWhenSomebodyElseTookTheFirst() {
		this.store.put("queue/1", "first");
		this.store.put("queue/2", "second");
		this.member.txn().then((call) -> {
			this.store.delete("queue/1");
			call.answer(this.store.commit(call.request()));
		});

		assertThat(text(resultOf(this.queue.dequeueAsync()))).isEqualTo("second");
	}

	@Test
	void tellsAndDoesNotRepeatWhenTheAnswerToTheDeletionIsLost() {
		this.store.put("queue/1", "first");
		this.store.put("queue/2", "second");
		this.member.txn().then((call) -> {
			this.store.commit(call.request());
			call.fail(LOST);
		});

		CompletableFuture<KeyValue> taken = this.queue.dequeueAsync();

		assertThat(failureOf(taken)).isInstanceOfSatisfying(EtcdException.class,
				(failure) -> assertThat(failure.outcome()).isEqualTo(Outcome.UNKNOWN));
		assertThat(this.member.txn().count()).isEqualTo(1);
		assertThat(this.store.keys()).containsExactly("queue/2");
	}

	@Test
	void readsAgainWhenAReadFails() {
		this.store.put("queue/1", "first");
		this.member.range().thenFail(Status.UNAVAILABLE).thenFail(Status.UNAVAILABLE);

		CompletableFuture<KeyValue> taken = this.queue.dequeueAsync();
		this.clock.passDelaysUntil(taken::isDone, Duration.ofSeconds(2));

		assertThat(text(resultOf(taken))).isEqualTo("first");
	}

	@Test
	void endsTheWatchWhenItIsCancelledWhileItWaits() {
		CompletableFuture<KeyValue> taken = this.queue.dequeueAsync();
		await().until(() -> this.store.watches() == 1);

		assertThat(taken.cancel(false)).isTrue();

		await().until(() -> this.store.watches() == 0);
		this.queue.enqueue(ByteSequence.of("a"));
		assertThat(this.store.keys()).hasSize(1);
	}

	@Test
	void losesNoElementWhenItIsCancelledWhileTheDeletionIsUnderWay() {
		this.store.put("queue/1", "first");
		this.member.txn().thenHold();
		CompletableFuture<KeyValue> taken = this.queue.dequeueAsync();
		var deletion = this.member.txn().awaitCall(0);

		assertThat(taken.cancel(true)).isFalse();
		assertThat(deletion.isCancelled()).isFalse();
		deletion.answer(this.store.commit(deletion.request()));

		assertThat(text(resultOf(taken))).isEqualTo("first");
	}

	@Test
	void isCancelledInTheEndWhenTheDeletionTookNothing() {
		this.store.put("queue/1", "first");
		this.store.put("queue/2", "second");
		this.member.txn().thenHold();
		CompletableFuture<KeyValue> taken = this.queue.dequeueAsync();
		var deletion = this.member.txn().awaitCall(0);
		taken.cancel(true);

		this.store.delete("queue/1");
		deletion.answer(this.store.commit(deletion.request()));

		await().until(taken::isCancelled);
		assertThat(this.store.keys()).containsExactly("queue/2");
	}

	@Test
	void losesNoElementWhenItsTimeIsUpWhileTheDeletionIsUnderWay() {
		this.store.put("queue/1", "first");
		this.member.txn().thenHold();
		CompletableFuture<Optional<KeyValue>> taken = this.queue.dequeueAsync(Duration.ofSeconds(1));
		var deletion = this.member.txn().awaitCall(0);

		this.clock.advance(Duration.ofSeconds(1));
		assertThat(taken).isNotDone();
		deletion.answer(this.store.commit(deletion.request()));

		assertThat(resultOf(taken)).hasValueSatisfying((element) -> assertThat(text(element)).isEqualTo("first"));
	}

	@Test
	void comesBackWithNothingWhenItsTimeIsUp() {
		CompletableFuture<Optional<KeyValue>> taken = this.queue.dequeueAsync(Duration.ofSeconds(1));
		await().until(() -> this.store.watches() == 1);

		this.clock.advance(Duration.ofSeconds(1));

		assertThat(resultOf(taken)).isEmpty();
		await().until(() -> this.store.watches() == 0);
	}

	@Test
	void failsWhenTheClientIsClosedWhileItWaits() {
		CompletableFuture<KeyValue> waiting = this.queue.dequeueAsync();
		CompletableFuture<Optional<KeyValue>> timed = this.queue.dequeueAsync(Duration.ofSeconds(Long.MAX_VALUE));
		await().until(() -> this.store.watches() == 2);

		this.client.close();

		assertThat(failureOf(waiting)).isInstanceOf(EtcdClosedException.class);
		assertThat(failureOf(timed)).isInstanceOf(EtcdClosedException.class);
	}

	@Test
	void goesOnWaitingWhenTheWatchIsLostToCompaction() {
		CompletableFuture<KeyValue> waiting = this.queue.dequeueAsync();
		await().until(() -> this.store.watches() == 1);

		this.member.watch().awaitStream(0).send(WatchAnswers.compacted(0, ScriptedEtcd.REVISION + 50));
		this.clock.passDelaysUntil(() -> this.store.watches() == 2, Duration.ofMillis(100));
		this.queue.enqueue(ByteSequence.of("a"));

		assertThat(text(resultOf(waiting))).isEqualTo("a");
	}

	@Test
	void returnsTheElementAndKeepsTheFlagWhenItIsInterruptedWhileTheDeletionIsUnderWay() {
		this.store.put("queue/1", "first");
		this.member.txn().thenHold();
		CompletableFuture<String> end = new CompletableFuture<>();
		Thread consumer = new Thread(() -> {
			try {
				end.complete(text(this.queue.dequeue()) + " " + Thread.currentThread().isInterrupted());
			}
			catch (InterruptedException ex) {
				end.complete("interrupted");
			}
		});
		consumer.start();
		var deletion = this.member.txn().awaitCall(0);

		consumer.interrupt();
		await().until(() -> !consumer.isInterrupted() && consumer.getState() == Thread.State.WAITING);
		deletion.answer(this.store.commit(deletion.request()));

		assertThat(resultOf(end)).isEqualTo("first true");
	}

	@Test
	void isInterruptedWhenItWaitsForAnElement() {
		CompletableFuture<String> end = new CompletableFuture<>();
		Thread consumer = new Thread(() -> {
			try {
				end.complete(text(this.queue.dequeue()));
			}
			catch (InterruptedException ex) {
				end.complete("interrupted");
			}
		});
		consumer.start();
		await().until(() -> this.store.watches() == 1);

		consumer.interrupt();

		assertThat(resultOf(end)).isEqualTo("interrupted");
		await().until(() -> this.store.watches() == 0);
	}

	@Test
	void failsAPollThatCannotAsk() {
		this.member.range().otherwiseFail(Status.PERMISSION_DENIED.withDescription("etcdserver: permission denied"));

		assertThat(failureOf(this.queue.pollAsync())).isInstanceOf(EtcdException.class);
		assertThat(failureOf(this.queue.dequeueAsync())).isInstanceOf(EtcdException.class);
	}

}
