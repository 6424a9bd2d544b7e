/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.benchmarks.harness;

import java.util.concurrent.Callable;
import java.util.concurrent.TimeoutException;

/**
 * Waits for conditions that nobody tells of.
 */
final class Waiting {

	private static final long TIMEOUT_NANOS = 20_000_000_000L;

	private Waiting() {
	}

	static void until(Callable<Boolean> condition) throws Exception {
		long begun = System.nanoTime();
		while (!condition.call()) {
			if (System.nanoTime() - begun > TIMEOUT_NANOS) {
				throw new TimeoutException("it did not come about");
			}
			Thread.sleep(1);
		}
	}

}
