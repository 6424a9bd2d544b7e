/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Which failed attempts of a call are followed by another. A call that was refused before
 * it began is repeated under both policies; one that may have been applied only if
 * applying it again changes nothing.
 */
enum RetryPolicy {

	/** Reads, and calls whose repetition changes nothing. */
	REPEATABLE,

	/** Writes. */
	NON_REPEATABLE;

	/** All attempts of one call together. */
	static final int MAX_ATTEMPTS = 100;

	/** What the pause after a quorum of attempts is spread around. */
	static final Duration PAUSE = Duration.ofMillis(25);

	private static final double PAUSE_JITTER = 0.1;

	/** Returns how long to pause after a quorum of attempts. */
	static Duration pause() {
		double spread = 1 + PAUSE_JITTER * ThreadLocalRandom.current().nextDouble(-1, 1);
		return Duration.ofNanos((long) (PAUSE.toNanos() * spread));
	}

	/**
	 * Whether another attempt follows.
	 * @param failure how the last one failed
	 * @param mayBeApplied whether it may have had its effect
	 * @param members how many members can be asked
	 */
	boolean permits(CallFailure failure, boolean mayBeApplied, int members) {
		return switch (failure.kind()) {
			case NOT_EXECUTED -> true;
			case LEARNER -> members > 1;
			case UNHEALTHY -> this == REPEATABLE;
			case UNAVAILABLE, DEADLINE -> this == REPEATABLE || !mayBeApplied;
			default -> false;
		};
	}

}
