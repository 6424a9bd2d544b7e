/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

import static io.github.etcdspring.fixture.Results.resultOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Tests of {@link CallbackPool}.
 */
class CallbackPoolTests {

	private static final int THREADS = 16;

	private final List<Throwable> uncaught = new CopyOnWriteArrayList<>();

	private final ExecutorService threads = Executors.newFixedThreadPool(THREADS, (task) -> {
		Thread thread = new Thread(task);
		thread.setUncaughtExceptionHandler((failed, failure) -> this.uncaught.add(failure));
		return thread;
	});

	private final CallbackPool pool = new CallbackPool(this.threads);

	private final CountDownLatch gate = new CountDownLatch(1);

	private volatile boolean spinning = true;

	@AfterEach
	void endEveryThread() throws InterruptedException {
		this.gate.countDown();
		this.spinning = false;
		this.pool.shutdown();
		assertThat(this.pool.awaitTermination(5, TimeUnit.SECONDS)).isTrue();
	}

	@RepeatedTest(5)
	void runsATaskWhileAllThreadsButOneAreBlocked() {
		for (int i = 0; i < THREADS - 1; i++) {
			this.pool.execute(this::block);
		}

		assertRuns();
	}

	@Test
	void runsATaskBehindOnesThatOnlySeemToRun() {
		for (int i = 0; i < 3; i++) {
			this.pool.execute(this::spin);
		}

		assertRuns();
	}

	@Test
	void runsATaskThatTheOneBeforeWaitsFor() {
		CompletableFuture<Void> ran = new CompletableFuture<>();

		CompletableFuture<Void> outer = CompletableFuture.runAsync(() -> {
			this.pool.execute(() -> ran.complete(null));
			ran.join();
		}, this.pool);

		assertThat(outer).succeedsWithin(5, TimeUnit.SECONDS);
	}

	@Test
	void asksForNoMoreThreadsWhileAllAreBlocked() {
		AtomicInteger asked = new AtomicInteger();
		CallbackPool blocked = new CallbackPool(new AskedThreads(this.threads, asked));
		for (int i = 0; i < THREADS; i++) {
			this.threads.execute(this::block);
		}
		for (int i = 0; i < 100; i++) {
			blocked.execute(() -> {
			});
		}

		LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(200));

		assertThat(asked).hasValue(1);
	}

	@Test
	void runsEveryTaskInTheEndWhenMoreBlockThanThereAreThreads() throws Exception {
		CountDownLatch ran = new CountDownLatch(500);
		for (int i = 0; i < 500; i++) {
			this.pool.execute(() -> {
				block();
				ran.countDown();
			});
		}

		this.gate.countDown();

		assertThat(ran.await(5, TimeUnit.SECONDS)).isTrue();
	}

	@Test
	void goesOnAfterATaskThatFails() {
		IllegalStateException failure = new IllegalStateException("thrown on purpose");
		this.pool.execute(() -> {
			throw failure;
		});

		assertRuns();
		await().untilAsserted(() -> assertThat(this.uncaught).containsExactly(failure));
	}

	@Test
	void handsNoInterruptOnToTheNextTask() {
		CallbackPool ofOne = new CallbackPool(Executors.newSingleThreadExecutor());
		CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
		ofOne.execute(() -> {
			block();
			Thread.currentThread().interrupt();
		});
		ofOne.execute(() -> interrupted.complete(Thread.currentThread().isInterrupted()));

		this.gate.countDown();

		assertThat(resultOf(interrupted)).isFalse();
		ofOne.shutdown();
		await().until(ofOne::isTerminated);
	}

	@Test
	void runsWhatItWasGivenBeforeItsEndThoughItsThreadsAreBlocked() {
		CountDownLatch ran = new CountDownLatch(20);
		this.pool.execute(this::block);
		for (int i = 0; i < 20; i++) {
			this.pool.execute(ran::countDown);
		}

		this.pool.shutdown();

		await().until(() -> ran.getCount() == 0);
		assertThat(this.pool.isTerminated()).isFalse();
		this.gate.countDown();
		await().until(this.pool::isTerminated);
	}

	@Test
	void refusesTasksAfterItsEnd() {
		this.pool.shutdown();

		assertThatExceptionOfType(RejectedExecutionException.class).isThrownBy(() -> this.pool.execute(this::block));
	}

	@Test
	void takesNoTaskThatNoThreadCanBeHadFor() {
		AtomicInteger ran = new AtomicInteger();
		CallbackPool poor = new CallbackPool(new AskedThreads(this.threads, new AtomicInteger(-1)));

		assertThatExceptionOfType(OutOfMemoryError.class).isThrownBy(() -> poor.execute(ran::incrementAndGet));
		poor.execute(() -> ran.addAndGet(10));

		await().until(() -> ran.get() >= 10);
		assertThat(ran).hasValue(10);
	}

	@RepeatedTest(3)
	void runsEachTaskOnceWhateverTheOthersDo() throws Exception {
		int producers = 4;
		int each = 20_000;
		AtomicIntegerArray runs = new AtomicIntegerArray(producers * each);
		CountDownLatch left = new CountDownLatch(producers * each);
		List<Thread> all = IntStream.range(0, producers).mapToObj((producer) -> new Thread(() -> {
			for (int i = 0; i < each; i++) {
				int number = producer * each + i;
				this.pool.execute(() -> {
					runs.incrementAndGet(number);
					left.countDown();
					if (number % 1000 == 0) {
						LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(2_000_000));
					}
				});
				if (i % 50 == 0) {
					LockSupport.parkNanos(1_000);
				}
			}
		})).toList();

		all.forEach(Thread::start);

		assertThat(left.await(20, TimeUnit.SECONDS)).isTrue();
		assertThat(IntStream.range(0, runs.length()).map(runs::get)).containsOnly(1);
		for (Thread producer : all) {
			producer.join();
		}
	}

	private void assertRuns() {
		CompletableFuture<Void> ran = new CompletableFuture<>();
		this.pool.execute(() -> ran.complete(null));
		assertThat(ran).succeedsWithin(5, TimeUnit.SECONDS);
	}

	private void block() {
		try {
			this.gate.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private void spin() {
		while (this.spinning) {
			Thread.onSpinWait();
		}
	}

	/** Counts the threads that are asked for; fails while the count is below zero. */
	private static final class AskedThreads extends AbstractExecutorService {

		private final ExecutorService threads;

		private final AtomicInteger asked;

		AskedThreads(ExecutorService threads, AtomicInteger asked) {
			this.threads = threads;
			this.asked = asked;
		}

		@Override
		public void execute(Runnable task) {
			if (this.asked.getAndIncrement() < 0) {
				throw new OutOfMemoryError("thrown on purpose");
			}
			this.threads.execute(task);
		}

		@Override
		public void shutdown() {
			this.threads.shutdown();
		}

		@Override
		public List<Runnable> shutdownNow() {
			return this.threads.shutdownNow();
		}

		@Override
		public boolean isShutdown() {
			return this.threads.isShutdown();
		}

		@Override
		public boolean isTerminated() {
			return this.threads.isTerminated();
		}

		@Override
		public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
			return this.threads.awaitTermination(timeout, unit);
		}

	}

}
