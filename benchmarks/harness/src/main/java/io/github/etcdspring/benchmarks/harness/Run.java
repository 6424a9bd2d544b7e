/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.benchmarks.harness;

/**
 * What a scenario runs with.
 *
 * @param opening opens clients
 * @param host of the server
 * @param port of the server
 * @param driver on the other end of this process's standard streams
 * @param meter of the scenario
 * @param seconds how long a window is, about
 */
record Run(BenchmarkedClient.Opening opening, String host, int port, DriverLink driver, Meter meter, double seconds) {

	BenchmarkedClient open() throws Exception {
		return this.opening.open(this.host, this.port);
	}

	/** Returns a reading of the clock after a share of a window. */
	long deadline(double windows) {
		return System.nanoTime() + (long) (windows * this.seconds * 1e9);
	}

}
