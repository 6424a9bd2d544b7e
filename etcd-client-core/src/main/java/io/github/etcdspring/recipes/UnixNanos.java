/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.recipes;

import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Names of keys as Go's recipes make them: the nanoseconds since 1970. No two of one
 * process are the same; nothing follows from their order. Thread-safe.
 */
final class UnixNanos {

	private static final long NANOS_PER_SECOND = 1_000_000_000;

	private static final UnixNanos SYSTEM = new UnixNanos(InstantSource.system());

	private final InstantSource clock;

	private final AtomicLong last = new AtomicLong();

	UnixNanos(InstantSource clock) {
		this.clock = clock;
	}

	/** Returns the names of this process. */
	static UnixNanos system() {
		return SYSTEM;
	}

	/** Returns a name that has not been returned before. */
	String next() {
		Instant now = this.clock.instant();
		long nanos = now.getEpochSecond() * NANOS_PER_SECOND + now.getNano();
		return Long.toString(this.last.updateAndGet((last) -> Math.max(last + 1, nanos)));
	}

}
