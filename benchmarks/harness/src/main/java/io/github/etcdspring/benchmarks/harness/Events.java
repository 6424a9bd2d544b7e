/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.benchmarks.harness;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Waits for watches to be opened and for events. Takes the time of every 16th event.
 */
final class Events implements WatchSink {

	private static final long TIMEOUT_SECONDS = 30;

	private final CountDownLatch opened;

	private final Latencies latencies;

	private volatile CountDownLatch expected = new CountDownLatch(0);

	Events(int watches, Latencies latencies) {
		this.opened = new CountDownLatch(watches);
		this.latencies = latencies;
	}

	void awaitOpened() throws InterruptedException, TimeoutException {
		await(this.opened, "watches to be opened");
	}

	void expect(int events) {
		this.expected = new CountDownLatch(events);
	}

	void await() throws InterruptedException, TimeoutException {
		await(this.expected, "events");
	}

	private static void await(CountDownLatch latch, String what) throws InterruptedException, TimeoutException {
		if (!latch.await(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
			throw new TimeoutException(latch.getCount() + " " + what + " after " + TIMEOUT_SECONDS + " s");
		}
	}

	@Override
	public void opened() {
		this.opened.countDown();
	}

	@Override
	public boolean event(long revision) {
		CountDownLatch expected = this.expected;
		expected.countDown();
		return (expected.getCount() & 15) == 0;
	}

	@Override
	public void value(byte[] value) {
		this.latencies.record(System.nanoTime() - Keys.stampOf(value));
	}

}
