/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.service;

import java.time.Duration;

/**
 * The rule for the time that a call may wait for its turn.
 */
final class WaitTimeout {

	private static final Duration LONGEST = Duration.ofDays(36_500);

	private WaitTimeout() {
	}

	static void check(Duration timeout) {
		if (timeout.isNegative() || timeout.isZero() || timeout.compareTo(LONGEST) > 0) {
			throw new IllegalArgumentException(
					"timeout: " + timeout + " (expected: above zero, and at most " + LONGEST.toDays() + " days)");
		}
	}

}
