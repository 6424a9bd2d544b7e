/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.benchmarks.harness;

import java.lang.management.ManagementFactory;

/**
 * The heap.
 */
final class Heap {

	private Heap() {
	}

	/** Returns the bytes that are reachable, after full collections. */
	static long retained() {
		// the second takes what the first has only made known to be garbage
		System.gc();
		System.gc();
		return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
	}

}
