/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.benchmarks.driver;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The figures of all rounds.
 */
final class Results {

	private final Map<Cell, List<Double>> figures = new HashMap<>();

	void add(String scenario, Client client, String figure, double value) {
		this.figures.computeIfAbsent(new Cell(scenario, client, figure), (cell) -> new ArrayList<>()).add(value);
	}

	/** Returns the median of all rounds, or NaN where there is none. */
	double median(String scenario, Client client, String figure) {
		return median(all(scenario, client, figure));
	}

	/** Returns the median relative to that of the stubs, or NaN where one is missing. */
	double ratio(String scenario, Client client, String figure) {
		return median(scenario, client, figure) / median(scenario, Client.STUBS, figure);
	}

	/** Returns the figures of all rounds. */
	List<Double> all(String scenario, Client client, String figure) {
		return this.figures.getOrDefault(new Cell(scenario, client, figure), List.of());
	}

	static double median(List<Double> values) {
		if (values.isEmpty()) {
			return Double.NaN;
		}
		List<Double> sorted = values.stream().sorted().toList();
		int middle = sorted.size() / 2;
		return (sorted.size() % 2 == 1) ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
	}

	private record Cell(String scenario, Client client, String figure) {
	}

}
