/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.benchmarks.harness;

import java.lang.management.ManagementFactory;

import com.sun.management.OperatingSystemMXBean;

/**
 * From the start of the JVM to the first answer. All of the process counts, the JIT
 * compiler too.
 */
final class StartScenario {

	private StartScenario() {
	}

	static void run(Run run) throws Exception {
		try (BenchmarkedClient client = run.open()) {
			client.get(Keys.key(Keys.SINGLE, 0));
			long wall = ManagementFactory.getRuntimeMXBean().getUptime();
			long cpu = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime();
			run.meter().figure("cpu", cpu / 1e3);
			run.meter().figure("p50", wall * 1e3);
			run.meter().figure("threads", ManagementFactory.getThreadMXBean().getThreadCount());
		}
	}

}
