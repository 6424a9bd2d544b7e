/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.spring;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

import org.awaitility.core.ConditionFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * How long these tests wait for what must come, and watch for what must not.
 */
final class Moments {

	private static final Duration POLL = Duration.ofMillis(5);

	private Moments() {
	}

	static ConditionFactory within(Duration time) {
		return await().pollDelay(Duration.ZERO).pollInterval(POLL).atMost(time);
	}

	/** Within what a machine under load may need where nothing is promised. */
	static ConditionFactory soon() {
		return within(Duration.ofSeconds(10));
	}

	/**
	 * For a while, from its beginning on and without a break: {@code during} of
	 * Awaitility begins anew after a break.
	 */
	static Throughout throughout(Duration time) {
		return (condition) -> {
			long begin = System.nanoTime();
			Duration passed;
			do {
				passed = Duration.ofNanos(System.nanoTime() - begin);
				assertThat(condition.getAsBoolean()).as("holds after " + passed.toMillis() + " ms").isTrue();
				LockSupport.parkNanos(POLL.toNanos());
			}
			while (passed.compareTo(time) < 0);
		};
	}

	/** Waits for another thread, but not for ever should that have failed. */
	static void awaitDown(CountDownLatch latch) {
		try {
			assertThat(latch.await(30, TimeUnit.SECONDS)).as("the other thread came within 30 s").isTrue();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

	/** Runs something and says how long it took. */
	static Duration timed(Runnable task) {
		long start = System.nanoTime();
		task.run();
		return Duration.ofNanos(System.nanoTime() - start);
	}

	/** What must be so for a while. */
	interface Throughout {

		/** Fails at the first look that finds it is not so. */
		void holds(BooleanSupplier condition);

	}

}
