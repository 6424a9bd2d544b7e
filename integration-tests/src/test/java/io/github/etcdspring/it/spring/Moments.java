/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.spring;

import java.time.Duration;

import org.awaitility.core.ConditionFactory;

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

	/** For a while, and from its beginning on. */
	static ConditionFactory throughout(Duration time) {
		return await().pollDelay(Duration.ZERO)
			.pollInterval(POLL)
			.during(time)
			.atMost(time.plus(Duration.ofSeconds(1)));
	}

	/** Runs something and says how long it took. */
	static Duration timed(Runnable task) {
		long start = System.nanoTime();
		task.run();
		return Duration.ofNanos(System.nanoTime() - start);
	}

}
