/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring;

import java.time.Duration;
import java.util.concurrent.Future;

/**
 * Runs a task once after a delay. Tasks given to it by this library are short and never
 * block. Implementations are thread-safe.
 */
@FunctionalInterface
public interface Scheduler {

	/**
	 * Runs a task after a delay.
	 * @param task the task
	 * @param delay how long to wait, not negative
	 * @return a handle whose {@link Future#cancel(boolean)} keeps a task from running
	 * that has not begun
	 */
	Future<?> schedule(Runnable task, Duration delay);

}
