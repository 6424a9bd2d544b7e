/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * How long to wait before the next try: a delay that grows with each failure up to a
 * bound and is spread at random, so that many clients do not return in step. Immutable.
 *
 * @param initial the delay after the first failure, above zero
 * @param multiplier how much longer each further delay is, at least 1
 * @param maximum the longest delay before it is spread, at least {@code initial}
 * @param jitter the part of the delay that is random, from 0 to 1: 0.2 spreads a delay of
 * 100 ms over 80 to 120 ms
 */
public record Backoff(Duration initial, double multiplier, Duration maximum, double jitter) {

	/**
	 * Checks the values.
	 * @param initial the delay after the first failure
	 * @param multiplier how much longer each further delay is
	 * @param maximum the longest delay before it is spread
	 * @param jitter the part of the delay that is random
	 * @throws IllegalArgumentException if one is out of its range
	 */
	public Backoff {
		if (initial.isNegative() || initial.isZero()) {
			throw new IllegalArgumentException("initial delay: " + initial + " (expected: above zero)");
		}
		if (!(multiplier >= 1)) {
			throw new IllegalArgumentException("multiplier: " + multiplier + " (expected: at least 1)");
		}
		if (maximum.compareTo(initial) < 0) {
			throw new IllegalArgumentException("maximum delay: " + maximum + " (expected: at least " + initial + ")");
		}
		if (!(jitter >= 0 && jitter <= 1)) {
			throw new IllegalArgumentException("jitter: " + jitter + " (expected: from 0 to 1)");
		}
	}

	/**
	 * Returns the delay before the next try.
	 * @param failures how many tries have failed in a row, at least 1
	 * @return the delay, spread at random
	 */
	public Duration delay(int failures) {
		double grown = (double) this.initial.toNanos() * Math.pow(this.multiplier, failures - 1);
		double bounded = Math.min(grown, (double) this.maximum.toNanos());
		double spread = 1 + this.jitter * ThreadLocalRandom.current().nextDouble(-1, 1);
		return Duration.ofNanos((long) (bounded * spread));
	}

}
