/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.core;

import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * How long something took each time it was done. Thread-safe.
 */
public final class Spread {

	private final Queue<Long> nanos = new ConcurrentLinkedQueue<>();

	/**
	 * Adds one time.
	 * @param nanos how long it took, in nanoseconds
	 */
	public void add(long nanos) {
		this.nanos.add(nanos);
	}

	/**
	 * {@return how many times there are}
	 */
	public int size() {
		return this.nanos.size();
	}

	/**
	 * {@return the shortest of all}
	 */
	public Duration least() {
		return percentile(0);
	}

	/**
	 * {@return the longest of all}
	 */
	public Duration most() {
		return percentile(100);
	}

	/**
	 * {@return the time that some of them, and no more, may have exceeded}
	 * @param percent how many at least did not exceed it
	 */
	public Duration percentile(int percent) {
		List<Long> sorted = this.nanos.stream().sorted().toList();
		int rank = (int) Math.ceil(sorted.size() * percent / 100.0);
		return Duration.ofNanos(sorted.get(Math.max(0, rank - 1)));
	}

	/** Names the number and the spread, in milliseconds. */
	@Override
	public String toString() {
		return (size() == 0) ? "none"
				: "%d times, %d to %d ms (p50 %d, p90 %d, p99 %d)".formatted(size(), least().toMillis(),
						most().toMillis(), percentile(50).toMillis(), percentile(90).toMillis(),
						percentile(99).toMillis());
	}

}
