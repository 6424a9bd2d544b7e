/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.benchmarks.harness;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Times of operations, as many as there is room for. Thread-safe; recording allocates
 * nothing.
 */
final class Latencies {

	private final long[] nanos = new long[1 << 20];

	private final AtomicInteger count = new AtomicInteger();

	void clear() {
		this.count.set(0);
	}

	void record(long nanos) {
		int index = this.count.getAndIncrement();
		if (index < this.nanos.length) {
			this.nanos[index] = nanos;
		}
	}

	/** Returns the share's quantile in microseconds, or NaN if nothing was recorded. */
	double micros(double share) {
		int size = Math.min(this.count.get(), this.nanos.length);
		if (size == 0) {
			return Double.NaN;
		}
		long[] sorted = Arrays.copyOf(this.nanos, size);
		Arrays.sort(sorted);
		return sorted[(int) Math.min(size - 1L, (long) (size * share))] / 1e3;
	}

}
