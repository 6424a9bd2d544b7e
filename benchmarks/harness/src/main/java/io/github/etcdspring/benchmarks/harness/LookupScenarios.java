/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.benchmarks.harness;

import java.util.Arrays;

/**
 * Local copies that follow the server.
 */
final class LookupScenarios {

	private static final int CACHED = 1_000;

	private static final int ENDPOINTS = 100;

	private static final String PREFIX = "cached/";

	private static final String TARGET = "service";

	private LookupScenarios() {
	}

	static void cacheLookup(Run run) throws Exception {
		try (BenchmarkedClient client = run.open()) {
			run.driver().write(PREFIX, CACHED, CACHED);
			byte[][] keys = Keys.keys(PREFIX, CACHED);
			openSmall(client);
			long before = Heap.retained();
			try (BenchmarkedClient.Lookup cache = client.cache(Keys.bytes(PREFIX), keys)) {
				awaitAll(cache, CACHED);
				run.meter().figure("held", (double) (Heap.retained() - before) / CACHED);
				measure(run, cache, CACHED);
			}
		}
	}

	/** Has all loaded that no key holds. */
	private static void openSmall(BenchmarkedClient client) throws Exception {
		byte[][] keys = Keys.keys(Keys.SINGLE, 1);
		try (BenchmarkedClient.Lookup cache = client.cache(keys[0], keys)) {
			awaitAll(cache, 1);
		}
	}

	static void cacheUpdate(Run run) throws Exception {
		int count = (int) (6_000 * run.seconds());
		byte[][] keys = Arrays.copyOf(Keys.keys(PREFIX, CACHED), CACHED + 1);
		keys[CACHED] = Keys.bytes(PREFIX + "last");
		try (BenchmarkedClient client = run.open()) {
			run.driver().write(PREFIX, CACHED, CACHED);
			try (BenchmarkedClient.Lookup cache = client.cache(Keys.bytes(PREFIX), keys)) {
				awaitAll(cache, CACHED);
				update(run, client, cache, keys[CACHED], count / 2);
				run.meter().begin();
				update(run, client, cache, keys[CACHED], count);
				run.meter().end(count);
			}
		}
	}

	/** Writes events, and waits for one that comes after them. */
	private static void update(Run run, BenchmarkedClient client, BenchmarkedClient.Lookup cache, byte[] last,
			int count) throws Exception {
		run.driver().write(PREFIX, CACHED, count);
		int size = Math.max(1, cache.lookup(CACHED) + 1);
		client.put(last, new byte[size]);
		Waiting.until(() -> cache.lookup(CACHED) == size);
	}

	static void discovery(Run run) throws Exception {
		try (BenchmarkedClient client = run.open()) {
			for (int i = 0; i < ENDPOINTS; i++) {
				client.put(Keys.bytes(TARGET + "/" + i),
						Keys.bytes("{\"Op\":0,\"Addr\":\"10.0.0." + i + ":8080\",\"Metadata\":null}"));
			}
			try (BenchmarkedClient.Lookup endpoints = client.discovery(TARGET)) {
				awaitAll(endpoints, ENDPOINTS);
				measure(run, endpoints, ENDPOINTS);
			}
		}
	}

	private static void awaitAll(BenchmarkedClient.Lookup copy, int count) throws Exception {
		for (int i = 0; i < count; i++) {
			int index = i;
			Waiting.until(() -> copy.lookup(index) > 0);
		}
	}

	private static void measure(Run run, BenchmarkedClient.Lookup copy, int count) throws Exception {
		look(copy, count, run.deadline(0.5));
		run.meter().begin();
		run.meter().end(look(copy, count, run.deadline(0.5)));
	}

	private static long look(BenchmarkedClient.Lookup copy, int count, long deadlineNanos) {
		long lookups = 0;
		while (System.nanoTime() - deadlineNanos < 0) {
			for (int i = 0; i < count; i++) {
				if (copy.lookup(i) <= 0) {
					throw new IllegalStateException("it is gone");
				}
			}
			lookups += count;
		}
		return lookups;
	}

}
