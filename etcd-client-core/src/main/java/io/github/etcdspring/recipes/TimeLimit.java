/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.recipes;

import java.time.Duration;
import java.util.concurrent.Future;

import io.github.etcdspring.client.EtcdClient;

/**
 * The end of a wait whose time is up.
 */
final class TimeLimit {

	/** Nobody waits longer, and it can be counted in nanoseconds. */
	private static final Duration LONGEST = Duration.ofDays(36_500);

	/** How much too early a scheduler may be. */
	private static final Duration TOLERANCE = Duration.ofMillis(10);

	private TimeLimit() {
	}

	/**
	 * Ends a wait when its time is up, where the library's own steps are made. Not when
	 * the client is closed before, which runs all that is timed: the wait fails by
	 * itself.
	 * @return a handle that keeps it from being ended
	 */
	static Future<?> set(EtcdClient client, Duration wait, Runnable end) {
		Duration time = (wait.compareTo(LONGEST) > 0) ? LONGEST : wait;
		long begin = client.ticker().nanoTime();
		return client.scheduler().schedule(() -> {
			Duration passed = Duration.ofNanos(client.ticker().nanoTime() - begin);
			if (passed.plus(TOLERANCE).compareTo(time) >= 0) {
				client.callbackExecutor().execute(end);
			}
		}, time);
	}

}
