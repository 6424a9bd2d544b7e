/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.samples.quickstart;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Watches for what must not happen. {@code during} of Awaitility begins anew after it has
 * happened.
 */
final class Throughout {

	private static final Duration POLL = Duration.ofMillis(50);

	private Throughout() {
	}

	/** Fails at the first look, within a time, that finds something is not so. */
	static void holds(Duration time, String what, BooleanSupplier condition) {
		long begin = System.nanoTime();
		Duration passed;
		do {
			passed = Duration.ofNanos(System.nanoTime() - begin);
			assertThat(condition.getAsBoolean()).as(what + ", after " + passed.toMillis() + " ms").isTrue();
			LockSupport.parkNanos(POLL.toNanos());
		}
		while (passed.compareTo(time) < 0);
	}

}
