/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.benchmarks.harness;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

import org.jspecify.annotations.Nullable;

/**
 * Keeps a number of calls in flight from one thread.
 */
final class Pipeline {

	private final int inFlight;

	private final BlockingQueue<Slot> free;

	private final Latencies latencies;

	private volatile @Nullable Throwable failure;

	Pipeline(int inFlight, Latencies latencies) {
		this.inFlight = inFlight;
		this.free = new ArrayBlockingQueue<>(inFlight);
		this.latencies = latencies;
		for (int i = 0; i < inFlight; i++) {
			this.free.add(new Slot());
		}
	}

	/** Makes calls until the deadline, and returns how many when all have ended. */
	long run(long deadlineNanos, Call call) throws InterruptedException {
		int calls = 0;
		while (System.nanoTime() - deadlineNanos < 0) {
			Slot slot = this.free.take();
			slot.startNanos = System.nanoTime();
			call.start(calls++, slot);
		}
		await();
		return calls;
	}

	private void await() throws InterruptedException {
		Slot[] all = new Slot[this.inFlight];
		for (int i = 0; i < all.length; i++) {
			all[i] = this.free.take();
		}
		for (Slot slot : all) {
			this.free.add(slot);
		}
		Throwable failure = this.failure;
		if (failure != null) {
			throw new IllegalStateException("a call failed", failure);
		}
	}

	@FunctionalInterface
	interface Call {

		void start(int index, BenchmarkedClient.Completion slot);

	}

	private final class Slot implements BenchmarkedClient.Completion {

		private volatile long startNanos;

		@Override
		public void done(@Nullable Throwable failure) {
			Pipeline.this.latencies.record(System.nanoTime() - this.startNanos);
			if (failure != null) {
				Pipeline.this.failure = failure;
			}
			Pipeline.this.free.add(this);
		}

	}

}
