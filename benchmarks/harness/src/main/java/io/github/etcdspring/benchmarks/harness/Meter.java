/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.benchmarks.harness;

import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * Adds up what the process uses in the windows of a scenario. Not thread-safe, but for
 * the latencies.
 */
final class Meter {

	/** Those of the JVM itself. */
	private static final Set<Long> OWN_THREADS = ProcessSample.threads();

	private final Latencies latencies = new Latencies();

	/**
	 * Threads that clients of earlier scenarios have left, as long as they do nothing.
	 */
	private final Set<Long> ofOthers = ProcessSample.threads();

	private final Map<String, Double> figures = new LinkedHashMap<>();

	private @Nullable ProcessSample begun;

	private long begunNanos;

	private long wallNanos;

	private long cpuNanos;

	private long allocated;

	private long switches;

	private long operations;

	Meter() {
		this.ofOthers.removeAll(OWN_THREADS);
	}

	Latencies latencies() {
		return this.latencies;
	}

	/** Begins a window. */
	void begin() {
		if (this.operations == 0) {
			this.latencies.clear();
		}
		this.begun = ProcessSample.begin();
		this.begunNanos = System.nanoTime();
	}

	/** Ends the window. */
	void end(long operations) {
		ProcessSample begun = this.begun;
		if (begun == null) {
			throw new IllegalStateException("no window is open");
		}
		this.wallNanos += System.nanoTime() - this.begunNanos;
		ProcessSample ended = ProcessSample.end();
		this.cpuNanos += ended.cpuNanosSince(begun);
		this.allocated += ended.allocatedSince(begun);
		this.switches += ended.switchesSince(begun);
		this.operations += operations;
		figure("threads", ended.threadsSince(begun, this.ofOthers));
	}

	/**
	 * Says how many operations there were in all windows, if that is known only later.
	 */
	void operations(long operations) {
		this.operations = operations;
	}

	/** Returns the length of all windows. */
	long wallNanos() {
		return this.wallNanos;
	}

	/** Notes a figure that is not one of use. */
	void figure(String name, double value) {
		this.figures.put(name, value);
	}

	/** Prints what was measured, a line each. */
	void report(String scenario, PrintStream out) {
		if (this.operations > 0) {
			figure("cpu", this.cpuNanos / 1e3 / this.operations);
			figure("bytes", (double) this.allocated / this.operations);
			figure("rate", this.operations * 1e9 / this.wallNanos);
			figure("switches", (double) this.switches / this.operations);
			figure("p50", this.latencies.micros(0.5));
			figure("p99", this.latencies.micros(0.99));
		}
		this.figures.forEach((name, value) -> {
			if (!value.isNaN()) {
				out.println("= " + scenario + " " + name + " " + value);
			}
		});
	}

}
