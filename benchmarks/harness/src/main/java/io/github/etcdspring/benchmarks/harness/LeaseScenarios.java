/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.benchmarks.harness;

/**
 * Leases kept alive. The server counts the renewals, since not every client tells of
 * them.
 */
final class LeaseScenarios {

	private static final String RENEWALS = "etcd_debugging_lease_renewed_total";

	/** The server refuses more than some thousands of requests at a time. */
	private static final int AT_ONCE = 100;

	private static final long WINDOW_MILLIS = 4_000;

	private LeaseScenarios() {
	}

	static void keep100(Run run) throws Exception {
		keep(run, 100, 6);
	}

	static void keep1000(Run run) throws Exception {
		keep(run, 1_000, 6);
	}

	static void keep10000(Run run) throws Exception {
		keep(run, 10_000, 12);
	}

	private static void keep(Run run, int leases, long ttlSeconds) throws Exception {
		Meter meter = run.meter();
		try (BenchmarkedClient client = run.open()) {
			client.get(Keys.key(Keys.SINGLE, 0));
			long before = Heap.retained();
			for (int kept = 0; kept < leases; kept += AT_ONCE) {
				client.keepAlive(AT_ONCE, ttlSeconds);
			}
			meter.figure("held", (double) (Heap.retained() - before) / leases);
			double first = run.driver().metric(RENEWALS);
			Waiting.until(() -> run.driver().metric(RENEWALS) >= first + leases);
			double counted = run.driver().metric(RENEWALS);
			meter.begin();
			// the longest interval of all clients, and a whole number of those of the
			// others
			Thread.sleep(WINDOW_MILLIS);
			meter.end(0);
			meter.operations((long) (run.driver().metric(RENEWALS) - counted));
		}
	}

}
