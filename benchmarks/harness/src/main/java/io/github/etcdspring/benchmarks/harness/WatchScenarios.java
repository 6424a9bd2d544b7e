/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.benchmarks.harness;

/**
 * Watches.
 */
final class WatchScenarios {

	/** The server sends 1,000 events a watch each 100 ms, so there are some at a time. */
	private static final int READERS = 20;

	private WatchScenarios() {
	}

	static void event(Run run) throws Exception {
		events(run, 1);
	}

	static void event100(Run run) throws Exception {
		events(run, 100);
	}

	static void event10000(Run run) throws Exception {
		events(run, 10_000);
	}

	private static void events(Run run, int watches) throws Exception {
		Meter meter = run.meter();
		int count = (int) (6_000 * run.seconds());
		String prefix = "event/" + watches + "/";
		try (BenchmarkedClient client = run.open()) {
			Events events = open(client, prefix, watches, meter.latencies());
			write(run, events, prefix, watches, count);
			meter.begin();
			write(run, events, prefix, watches, count);
			meter.end(count);
		}
	}

	private static void write(Run run, Events events, String prefix, int keys, int count) throws Exception {
		events.expect(count);
		run.driver().write(prefix, keys, count);
		events.await();
	}

	private static Events open(BenchmarkedClient client, String prefix, int watches, Latencies latencies)
			throws Exception {
		Events events = new Events(watches, latencies);
		for (int i = 0; i < watches; i++) {
			client.watch(Keys.key(prefix, i), 0, events);
		}
		events.awaitOpened();
		return events;
	}

	static void backlog(Run run) throws Exception {
		long revision = run.driver().backlog();
		readBacklog(run, revision, new Meter());
		do {
			readBacklog(run, revision, run.meter());
		}
		while (run.meter().wallNanos() < run.seconds() * 1e9);
	}

	private static void readBacklog(Run run, long revision, Meter meter) throws Exception {
		try (BenchmarkedClient client = run.open()) {
			client.get(Keys.key(Keys.SINGLE, 0));
			// without latencies: the events are old
			Events events = new Events(READERS, new Latencies());
			int count = READERS * Keys.BACKLOG_EVENTS;
			events.expect(count);
			meter.begin();
			for (int i = 0; i < READERS; i++) {
				client.watch(Keys.bytes(Keys.BACKLOG), revision, events);
			}
			events.await();
			meter.end(count);
		}
	}

	static void open1000(Run run) throws Exception {
		openAndClose(run, 1_000, new Meter());
		for (int i = 0; i < 4; i++) {
			openAndClose(run, 1_000, run.meter());
		}
	}

	static void open10000(Run run) throws Exception {
		openAndClose(run, 1_000, new Meter());
		openAndClose(run, 10_000, run.meter());
	}

	private static void openAndClose(Run run, int watches, Meter meter) throws Exception {
		double streams = run.driver().metric("etcd_debugging_mvcc_watch_stream_total");
		try (BenchmarkedClient client = run.open()) {
			client.get(Keys.key(Keys.SINGLE, 0));
			long before = Heap.retained();
			meter.begin();
			open(client, "open/", watches, meter.latencies());
			meter.end(watches);
			meter.figure("held", (double) (Heap.retained() - before) / watches);
			meter.figure("streams", run.driver().metric("etcd_debugging_mvcc_watch_stream_total") - streams);
		}
		// the server ends the watches of the client in its own time
		Waiting.until(() -> run.driver().metric("etcd_debugging_mvcc_watch_stream_total") <= streams);
	}

}
