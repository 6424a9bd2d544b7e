/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.benchmarks.harness;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Threads that call and wait, each on its own. They live until they are closed, so that
 * what they use is not lost to the meter.
 */
final class CallingThreads implements AutoCloseable {

	private final ExecutorService threads;

	private final int count;

	private final Latencies latencies;

	private final Call call;

	CallingThreads(int count, Latencies latencies, Call call) {
		this.threads = Executors.newFixedThreadPool(count);
		this.count = count;
		this.latencies = latencies;
		this.call = call;
	}

	/** Makes calls until the deadline, and returns how many when all have ended. */
	long run(long deadlineNanos) throws InterruptedException, ExecutionException {
		List<Future<Long>> runs = new ArrayList<>();
		for (int i = 0; i < this.count; i++) {
			int first = i;
			runs.add(this.threads.submit(() -> repeat(first, deadlineNanos)));
		}
		long calls = 0;
		for (Future<Long> run : runs) {
			calls += run.get();
		}
		return calls;
	}

	private long repeat(int first, long deadlineNanos) throws Exception {
		long calls = 0;
		long before = System.nanoTime();
		while (before - deadlineNanos < 0) {
			this.call.run((int) (first + this.count * calls++));
			long after = System.nanoTime();
			this.latencies.record(after - before);
			before = after;
		}
		return calls;
	}

	@Override
	public void close() {
		this.threads.shutdownNow();
	}

	@FunctionalInterface
	interface Call {

		void run(int index) throws Exception;

	}

}
