/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.core;

import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.KeyRange;
import io.github.etcdspring.boot.test.cluster.EtcdClusterExtension;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.kv.PutRequest;
import io.github.etcdspring.kv.TxnOperation;
import io.github.etcdspring.watch.WatchEvent;
import io.github.etcdspring.watch.WatchListener;
import io.github.etcdspring.watch.WatchRequest;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A listener that takes seconds for each batch while very many events arrive (W10).
 */
class SlowListenerIntegrationTests {

	private static final int EVENTS = 100_000;

	/** What one transaction may hold, about. */
	private static final int EVENTS_OF_REVISION = 125;

	private static final String PADDING = "x".repeat(490);

	private static final int OTHERS = 20;

	/** A watch's buffer of 8 MiB, what these events cost as objects, and some slack. */
	private static final long MOST_HEAP = 3 * 8 * 1024 * 1024;

	private static final Duration LONG = Duration.ofSeconds(60);

	@RegisterExtension
	static final EtcdClusterExtension etcd = EtcdClusterExtension.members(1);

	private final KeySpace keys = KeySpace.unique();

	private final Queue<Long> delays = new ConcurrentLinkedQueue<>();

	@AutoClose
	private final EtcdClient client = EtcdClients.connect(etcd.cluster());

	@AutoClose
	private final EtcdClient writer = EtcdClients.connect(etcd.cluster());

	private static double watchers() {
		return ServerMetrics.sum(etcd.cluster().member(0), "etcd_debugging_mvcc_watcher_total", "");
	}

	private void open(KeyRange range, WatchListener listener) {
		this.client.watch().open(WatchRequest.of(range), listener);
	}

	/** Writes all events, each with its number. */
	private void write() {
		for (int first = 0; first < EVENTS; first += EVENTS_OF_REVISION) {
			TxnOperation[] puts = IntStream.range(first, first + EVENTS_OF_REVISION)
				.mapToObj((number) -> PutRequest.of(this.keys.key("storm/" + number % EVENTS_OF_REVISION),
						ByteSequence.of("%010d".formatted(number) + PADDING)))
				.toArray(TxnOperation[]::new);
			this.writer.kv().txn().then(puts).commit();
		}
	}

	private void openOthers() {
		for (int i = 0; i < OTHERS; i++) {
			open(this.keys.only("other" + i), (events) -> events.forEach((event) -> {
				long sent = Long.parseLong(((WatchEvent.Put) event).kv().value().toUtf8());
				this.delays.add(this.client.ticker().nanoTime() - sent);
			}));
		}
	}

	/** Writes what the others watch, one after the other. */
	private int writeForOthersUntilDone(CompletableFuture<?> writing) {
		int written = 0;
		while (!writing.isDone()) {
			String now = Long.toString(this.client.ticker().nanoTime());
			this.writer.kv().put(this.keys.name("other" + written % OTHERS), now);
			written++;
		}
		return written;
	}

	private Duration percentile(int percent) {
		List<Long> sorted = this.delays.stream().sorted().toList();
		return Duration.ofNanos(sorted.get(sorted.size() * percent / 100));
	}

	@Test
	void isToldEverythingInBoundedMemoryAndDelaysNobodyWhenItSleepsForEachBatch() {
		SleepingListener slow = new SleepingListener();
		CountingListener quick = new CountingListener();
		KeyRange storm = KeyRange.prefix(this.keys.name("storm/"));
		open(storm, slow);
		open(storm, quick);
		openOthers();
		await().atMost(LONG).until(() -> watchers() == OTHERS + 2);
		long heapBefore = ProcessFigures.retainedHeap();
		long begin = this.client.ticker().nanoTime();

		CompletableFuture<Void> writing = CompletableFuture.runAsync(this::write);
		int written = writeForOthersUntilDone(writing);
		writing.join();
		Duration wrote = Duration.ofNanos(this.client.ticker().nanoTime() - begin);
		await().atMost(LONG).until(() -> quick.told() == EVENTS && this.delays.size() == written);
		// its buffer is full: the server has been told to forget it, and only it
		await().atMost(LONG).until(() -> watchers() == OTHERS + 1);
		int toldMeanwhile = slow.told();
		long heapArriving = ProcessFigures.retainedHeap() - heapBefore;
		slow.hurry();
		slow.awaitStanding();
		await().atMost(LONG).until(() -> watchers() == OTHERS + 1);
		long heapCatchingUp = ProcessFigures.retainedHeap() - heapBefore;
		slow.goOn();
		await().atMost(LONG).untilAsserted(() -> assertThat(slow.told()).as(slow.firstObjection()).isEqualTo(EVENTS));

		System.out.printf(
				"slow listener: %d events written in %d ms, of which it was told %d;"
						+ " %d to others after %d ms (median), %d ms (p99); heap +%d KiB arriving, +%d KiB catching up;"
						+ " told everything after %d ms%n",
				EVENTS, wrote.toMillis(), toldMeanwhile, written, percentile(50).toMillis(), percentile(99).toMillis(),
				heapArriving / 1024, heapCatchingUp / 1024,
				Duration.ofNanos(this.client.ticker().nanoTime() - begin).toMillis());
		assertThat(slow.firstObjection()).isEmpty();
		assertThat(quick.firstObjection()).isEmpty();
		assertThat(toldMeanwhile).isLessThan(EVENTS / 4);
		assertThat(written).isGreaterThan(100);
		assertThat(percentile(99)).isLessThan(Duration.ofSeconds(1));
		assertThat(heapArriving).isLessThan(MOST_HEAP);
		assertThat(heapCatchingUp).isLessThan(MOST_HEAP);
		await().atMost(LONG).until(() -> watchers() == OTHERS + 2);
	}

	/** Sees to it that each event is the one after that before; keeps none. */
	private static class CountingListener implements WatchListener {

		private final AtomicInteger told = new AtomicInteger();

		private volatile String firstObjection = "";

		@Override
		public void onEvents(List<WatchEvent> events) {
			for (WatchEvent event : events) {
				String value = ((WatchEvent.Put) event).kv().value().toUtf8();
				int number = Integer.parseInt(value.substring(0, 10));
				int expected = this.told.getAndIncrement();
				if (number != expected && this.firstObjection.isEmpty()) {
					this.firstObjection = number + " was told instead of " + expected;
				}
			}
		}

		int told() {
			return this.told.get();
		}

		String firstObjection() {
			return this.firstObjection;
		}

	}

	/**
	 * Sleeps for 5 s before each batch until it is told to hurry; then stands still once,
	 * when its watch has been resumed, until it is told to go on.
	 */
	private static final class SleepingListener extends CountingListener {

		private static final int AFTER_RESUMPTION = EVENTS / 2;

		private final CountDownLatch never = new CountDownLatch(1);

		private final CountDownLatch standing = new CountDownLatch(1);

		private final CountDownLatch goingOn = new CountDownLatch(1);

		private volatile boolean hurrying;

		@Override
		public void onEvents(List<WatchEvent> events) {
			if (!this.hurrying) {
				isDown(this.never, Duration.ofSeconds(5));
			}
			else if (told() > AFTER_RESUMPTION) {
				this.standing.countDown();
				isDown(this.goingOn, LONG);
			}
			super.onEvents(events);
		}

		private static boolean isDown(CountDownLatch latch, Duration wait) {
			try {
				return latch.await(wait.toMillis(), TimeUnit.MILLISECONDS);
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
				return false;
			}
		}

		void hurry() {
			this.hurrying = true;
		}

		void awaitStanding() {
			assertThat(isDown(this.standing, LONG)).isTrue();
		}

		void goOn() {
			this.goingOn.countDown();
		}

	}

}
