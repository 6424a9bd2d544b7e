/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.core;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;

import com.sun.management.OperatingSystemMXBean;

/**
 * What this process uses.
 */
final class ProcessFigures {

	private ProcessFigures() {
	}

	/**
	 * {@return the bytes of heap that are reachable, after full collections}
	 */
	static long retainedHeap() {
		// the second takes what the first has only made known to be garbage
		System.gc();
		System.gc();
		return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
	}

	/**
	 * {@return the time the process has had on processors so far}
	 */
	static Duration cpu() {
		return Duration.ofNanos(ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime());
	}

	/**
	 * {@return the names of the threads that clients run their callbacks on}
	 */
	static List<String> callbackThreads() {
		return threads().stream().filter((name) -> name.contains("-callback")).toList();
	}

	/**
	 * {@return the names of the threads that serve clients, without callbacks}
	 */
	static List<String> servingThreads() {
		return threads().stream()
			.filter((name) -> name.startsWith("grpc-") || name.startsWith("etcd-client-"))
			.filter((name) -> !name.contains("-callback"))
			.toList();
	}

	private static List<String> threads() {
		return Thread.getAllStackTraces().keySet().stream().map(Thread::getName).sorted().toList();
	}

}
