/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.benchmarks.driver;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

import io.github.etcdspring.benchmarks.harness.Scenario;

/**
 * The figures of use, a line for each scenario and client.
 */
final class Table {

	private static final String HEAD = """
			| scenario | client | CPU µs/op | ratio | B/op | ratio | ops/s | p50 µs | p99 µs | switches/op | threads | streams | held B | rounds |
			|---|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|
			""";

	private final Results results;

	private final Options options;

	Table(Results results, Options options) {
		this.results = results;
		this.options = options;
	}

	String write() {
		return HEAD + this.options.scenarios()
			.stream()
			.flatMap((scenario) -> this.options.clients()
				.stream()
				.filter((client) -> !this.results.all(scenario.name(), client, "cpu").isEmpty())
				.map((client) -> line(scenario, client)))
			.collect(Collectors.joining());
	}

	private String line(Scenario scenario, Client client) {
		List<String> cells = List.of(scenario.name(), client.toString(), number(scenario, client, "cpu"),
				ratio(scenario, client, "cpu"), number(scenario, client, "bytes"), ratio(scenario, client, "bytes"),
				number(scenario, client, "rate"), number(scenario, client, "p50"), number(scenario, client, "p99"),
				number(scenario, client, "switches"), number(scenario, client, "threads"),
				number(scenario, client, "streams"), number(scenario, client, "held"),
				Integer.toString(this.results.all(scenario.name(), client, "cpu").size()));
		return "| " + String.join(" | ", cells) + " |\n";
	}

	private String number(Scenario scenario, Client client, String figure) {
		return number(this.results.median(scenario.name(), client, figure));
	}

	private String ratio(Scenario scenario, Client client, String figure) {
		double ratio = this.results.ratio(scenario.name(), client, figure);
		boolean nothing = figure.equals("bytes") && this.results.median(scenario.name(), Client.STUBS, figure) < 1;
		return !nothing && Double.isFinite(ratio) ? String.format(Locale.ROOT, "%.2f", ratio) : "";
	}

	/** Returns a number with three digits at least. */
	static String number(double value) {
		if (!Double.isFinite(value)) {
			return "";
		}
		double size = Math.abs(value);
		int digits = (size >= 100 || size == Math.rint(size)) ? 0 : (size >= 10) ? 1 : (size >= 1) ? 2 : 3;
		return String.format(Locale.ROOT, "%,." + digits + "f", value);
	}

}
