/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.boot.test.cluster;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * A point on the monotonic clock until which something is waited for. Immutable.
 */
final class Deadline {

	private static final Duration PAUSE = Duration.ofMillis(10);

	private final long deadlineNanos;

	private Deadline(long deadlineNanos) {
		this.deadlineNanos = deadlineNanos;
	}

	static Deadline after(Duration time) {
		return new Deadline(System.nanoTime() + time.toNanos());
	}

	/**
	 * Asks until the answer is yes or the time is over.
	 * @return the last answer
	 * @throws IllegalStateException if the thread is interrupted; its flag stays set
	 */
	boolean await(BooleanSupplier condition) {
		return await(condition, PAUSE);
	}

	/**
	 * Asks as {@link #await(BooleanSupplier)} does, after longer pauses.
	 */
	boolean await(BooleanSupplier condition, Duration pause) {
		while (!Thread.currentThread().isInterrupted()) {
			if (condition.getAsBoolean()) {
				return true;
			}
			if (System.nanoTime() - this.deadlineNanos >= 0) {
				return false;
			}
			LockSupport.parkNanos(pause.toNanos());
		}
		throw new IllegalStateException("interrupted while waiting for etcd");
	}

}
