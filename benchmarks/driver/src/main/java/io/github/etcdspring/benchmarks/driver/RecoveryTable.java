/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.benchmarks.driver;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What the clients did when the server was killed.
 */
final class RecoveryTable {

	private static final String HEAD = """
			| client | runs | first put ms, median | worst | runs with events lost | most lost | runs with events twice |
			|---|--:|--:|--:|--:|--:|--:|
			""";

	private final Results results;

	private final Options options;

	RecoveryTable(Results results, Options options) {
		this.results = results;
		this.options = options;
	}

	String write() {
		String lines = this.options.clients()
			.stream()
			.filter((client) -> !runs(client, "first-put").isEmpty())
			.map(this::line)
			.collect(Collectors.joining());
		return lines.isEmpty() ? "" : HEAD + lines;
	}

	private String line(Client client) {
		List<Double> puts = runs(client, "first-put");
		List<Double> lost = runs(client, "lost");
		List<Double> twice = runs(client, "twice");
		List<String> cells = List.of(client.toString(), Integer.toString(puts.size()),
				Table.number(Results.median(puts)), Table.number(Collections.max(puts)), occurring(lost),
				lost.isEmpty() ? "" : Table.number(Collections.max(lost)), occurring(twice));
		return "| " + String.join(" | ", cells) + " |\n";
	}

	private static String occurring(List<Double> values) {
		return Long.toString(values.stream().filter((value) -> value > 0).count());
	}

	private List<Double> runs(Client client, String figure) {
		List<Double> runs = new ArrayList<>();
		for (int i = 0; !this.results.all("recovery", client, figure + "-" + i).isEmpty(); i++) {
			runs.addAll(this.results.all("recovery", client, figure + "-" + i));
		}
		return runs;
	}

}
