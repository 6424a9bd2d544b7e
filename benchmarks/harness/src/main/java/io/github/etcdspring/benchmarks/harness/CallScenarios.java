/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.benchmarks.harness;

/**
 * Unary calls.
 */
final class CallScenarios {

	private static final byte[][] KEYS = Keys.keys(Keys.SINGLE, Keys.SINGLES);

	private static final double WARM_UP = 0.4;

	private CallScenarios() {
	}

	/** Has the JIT compile what most calls go through. */
	static void warmUp(Run run) throws Exception {
		try (BenchmarkedClient client = run.open()) {
			Meter unused = new Meter();
			new Pipeline(64, unused.latencies()).run(run.deadline(2),
					(index, slot) -> client.getAsync(key(index), slot));
			new Pipeline(64, unused.latencies()).run(run.deadline(2),
					(index, slot) -> client.putAsync(key(index), Keys.value(index), slot));
		}
	}

	static void get(Run run) throws Exception {
		sequential(run, (client, index) -> checkSize(client.get(key(index))));
	}

	static void put(Run run) throws Exception {
		byte[] value = Keys.value(0);
		sequential(run, (client, index) -> client.put(key(index), value));
	}

	static void txn(Run run) throws Exception {
		byte[] value = Keys.value(0);
		sequential(run, (client, index) -> check(client.replace(key(index), value), "key was not there"));
	}

	static void grant(Run run) throws Exception {
		sequential(run, (client, index) -> check(client.grant(60) != 0, "no lease"));
	}

	static void lock(Run run) throws Exception {
		byte[] name = Keys.bytes("lock/" + ProcessHandle.current().pid());
		sequential(run, (client, index) -> client.lockAndUnlock(name));
	}

	static void get64(Run run) throws Exception {
		pipelined(run, 64, (client, index, slot) -> client.getAsync(key(index), slot));
	}

	static void put512(Run run) throws Exception {
		byte[] value = Keys.value(0);
		pipelined(run, 512, (client, index, slot) -> client.putAsync(key(index), value, slot));
	}

	static void threads64(Run run) throws Exception {
		try (BenchmarkedClient client = run.open();
				CallingThreads threads = new CallingThreads(64, run.meter().latencies(),
						(index) -> checkSize(client.get(key(index))))) {
			threads.run(run.deadline(WARM_UP));
			run.meter().begin();
			run.meter().end(threads.run(run.deadline(1)));
		}
	}

	static void range(Run run) throws Exception {
		byte[] prefix = Keys.bytes(Keys.RANGE);
		try (BenchmarkedClient client = run.open()) {
			ranges(client, prefix, run.deadline(1), run.meter().latencies());
			run.meter().begin();
			run.meter().end(ranges(client, prefix, run.deadline(1), run.meter().latencies()) * Keys.RANGE_SIZE);
		}
	}

	private static long ranges(BenchmarkedClient client, byte[] prefix, long deadlineNanos, Latencies latencies)
			throws Exception {
		return repeat(deadlineNanos, latencies,
				(index) -> check(client.range(prefix) == Keys.RANGE_SIZE, "keys are missing"));
	}

	private static void sequential(Run run, ClientCall call) throws Exception {
		Latencies latencies = run.meter().latencies();
		try (BenchmarkedClient client = run.open()) {
			repeat(run.deadline(WARM_UP), latencies, (index) -> call.run(client, index));
			run.meter().begin();
			run.meter().end(repeat(run.deadline(1), latencies, (index) -> call.run(client, index)));
		}
	}

	private static long repeat(long deadlineNanos, Latencies latencies, CallingThreads.Call call) throws Exception {
		int calls = 0;
		long before = System.nanoTime();
		while (before - deadlineNanos < 0) {
			call.run(calls++);
			long after = System.nanoTime();
			latencies.record(after - before);
			before = after;
		}
		return calls;
	}

	private static void pipelined(Run run, int inFlight, SlotCall call) throws Exception {
		Pipeline pipeline = new Pipeline(inFlight, run.meter().latencies());
		try (BenchmarkedClient client = run.open()) {
			pipeline.run(run.deadline(WARM_UP), (index, slot) -> call.start(client, index, slot));
			run.meter().begin();
			run.meter().end(pipeline.run(run.deadline(1), (index, slot) -> call.start(client, index, slot)));
		}
	}

	private static byte[] key(int index) {
		return KEYS[index % KEYS.length];
	}

	private static void checkSize(int size) {
		check(size == Keys.VALUE_SIZE, "value is not the one written");
	}

	private static void check(boolean right, String wrong) {
		if (!right) {
			throw new IllegalStateException(wrong);
		}
	}

	@FunctionalInterface
	private interface ClientCall {

		void run(BenchmarkedClient client, int index) throws Exception;

	}

	@FunctionalInterface
	private interface SlotCall {

		void start(BenchmarkedClient client, int index, BenchmarkedClient.Completion slot);

	}

}
