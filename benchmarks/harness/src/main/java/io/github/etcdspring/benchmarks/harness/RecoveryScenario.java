/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.benchmarks.harness;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The server is killed and started again: when does a put succeed, and what does an open
 * watch see of the events before and after? Puts are made one after the other all the
 * while, 5 ms after one that failed.
 */
final class RecoveryScenario implements WatchSink {

	private static final int RUNS = 12;

	private static final int BEFORE = 500;

	private static final int AFTER = 1_000;

	private static final long PUT_TIMEOUT_SECONDS = 10;

	private static final long EVENTS_TIMEOUT_NANOS = 5_000_000_000L;

	private final CountDownLatch opened = new CountDownLatch(1);

	private final Map<Long, Integer> seen = new ConcurrentHashMap<>();

	private volatile boolean killed;

	private RecoveryScenario() {
	}

	static void run(Run run) throws Exception {
		for (int i = 0; i < RUNS; i++) {
			try (BenchmarkedClient client = run.open()) {
				// of different lengths, so that no back-off fits them all
				new RecoveryScenario().run(run, client, i, 200 + 50L * i);
			}
		}
	}

	private void run(Run run, BenchmarkedClient client, int number, long outageMillis) throws Exception {
		String prefix = "recovery/" + number + "/";
		client.watch(Keys.bytes(prefix), 0, this);
		if (!this.opened.await(PUT_TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
			throw new TimeoutException("the watch was not opened");
		}
		run.driver().write(prefix, 10, BEFORE);
		CompletableFuture<Long> put = CompletableFuture.supplyAsync(() -> firstPut(client));
		run.driver().kill();
		this.killed = true;
		long served = run.driver().restart(outageMillis);
		run.meter().figure("first-put-" + number, Math.max(0, put.get() - served) / 1e6);
		run.driver().write(prefix, 10, AFTER);
		awaitEvents();
		run.meter().figure("lost-" + number, BEFORE + AFTER - this.seen.size());
		run.meter().figure("twice-" + number, this.seen.values().stream().mapToInt((times) -> times - 1).sum());
	}

	private void awaitEvents() throws InterruptedException {
		long begun = System.nanoTime();
		while (this.seen.size() < BEFORE + AFTER && System.nanoTime() - begun < EVENTS_TIMEOUT_NANOS) {
			Thread.sleep(5);
		}
	}

	/**
	 * Makes puts all the time, and returns when the first succeeds that was made in the
	 * outage.
	 */
	private long firstPut(BenchmarkedClient client) {
		byte[] key = Keys.bytes("recovered");
		byte[] value = Keys.value(0);
		try {
			while (true) {
				boolean inOutage = this.killed;
				if (!succeeds(client, key, value)) {
					Thread.sleep(5);
				}
				else if (inOutage) {
					return System.nanoTime();
				}
			}
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static boolean succeeds(BenchmarkedClient client, byte[] key, byte[] value) throws InterruptedException {
		CompletableFuture<Boolean> put = new CompletableFuture<>();
		client.putAsync(key, value, (failure) -> put.complete(failure == null));
		return put.completeOnTimeout(false, PUT_TIMEOUT_SECONDS, TimeUnit.SECONDS).join();
	}

	@Override
	public void opened() {
		this.opened.countDown();
	}

	@Override
	public boolean event(long revision) {
		this.seen.merge(revision, 1, Integer::sum);
		return false;
	}

	@Override
	public void value(byte[] value) {
		throw new IllegalStateException("not asked for");
	}

}
