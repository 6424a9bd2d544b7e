/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.util.Comparator;

/**
 * Where a service is, as DNS says.
 *
 * @param priority the lower is the better
 * @param weight the higher is the better, among those of one priority
 * @param target the host name, without the dot at the end; empty if there is no service
 */
record SrvRecord(int priority, int weight, int port, String target) {

	/**
	 * The better first; names decide where nothing else does, so that order is stable.
	 */
	static final Comparator<SrvRecord> BEST_FIRST = Comparator.comparingInt(SrvRecord::priority)
		.thenComparing(Comparator.comparingInt(SrvRecord::weight).reversed())
		.thenComparing(SrvRecord::target)
		.thenComparingInt(SrvRecord::port);

	/**
	 * Reads a record.
	 * @param text such as {@code 0 100 2379 etcd-0.example.com.}
	 * @throws IllegalArgumentException if it is none
	 */
	static SrvRecord parse(String text) {
		String[] parts = text.split(" ", -1);
		if (parts.length != 4) {
			throw new IllegalArgumentException("SRV record: " + text + " (expected: priority weight port target)");
		}
		String target = parts[3].endsWith(".") ? parts[3].substring(0, parts[3].length() - 1) : parts[3];
		return new SrvRecord(Integer.parseInt(parts[0]), Integer.parseInt(parts[1]), Integer.parseInt(parts[2]),
				target);
	}

}
