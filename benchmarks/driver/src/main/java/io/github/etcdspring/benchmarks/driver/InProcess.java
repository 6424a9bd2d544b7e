/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.benchmarks.driver;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Runs JMH for what needs no server.
 */
final class InProcess {

	private static final String HEAD = """
			| in process | keys | ns/op | B/op |
			|---|--:|--:|--:|
			""";

	private static final String BYTES = ":gc.alloc.rate.norm";

	private InProcess() {
	}

	static String run() throws IOException, InterruptedException {
		Path home = Path.of(System.getProperty("benchmarks.home"), "in-process", "target");
		Path csv = home.resolve("jmh.csv");
		List<String> command = new ArrayList<>(
				List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
		command.addAll(List.of("-cp", Client.classPath("in-process"), "org.openjdk.jmh.Main", "-rf", "csv", "-rff",
				csv.toString(), "-prof", "gc"));
		int status = new ProcessBuilder(command).redirectErrorStream(true)
			.redirectOutput(home.resolve("jmh.log").toFile())
			.start()
			.waitFor();
		return (status == 0) ? table(Files.readAllLines(csv)) : "JMH failed, see " + home.resolve("jmh.log") + "\n";
	}

	/** Reads the benchmark, its score and its parameter, which is the last column. */
	private static String table(List<String> csv) {
		Map<String, String> times = new LinkedHashMap<>();
		Map<String, String> bytes = new LinkedHashMap<>();
		for (String line : csv.subList(1, csv.size())) {
			String[] cells = line.replace("\"", "").split(",", -1);
			String name = cells[0].substring(cells[0].lastIndexOf('.') + 1);
			String score = Table.number(Double.parseDouble(cells[4]));
			String keys = (cells.length > 7) ? cells[7] : "";
			if (cells[0].endsWith(BYTES)) {
				bytes.put(cells[0].replace(BYTES, "") + keys, score);
			}
			else if (!cells[0].contains(":")) {
				times.put(cells[0] + keys, "| " + name + " | " + keys + " | " + score);
			}
		}
		StringBuilder table = new StringBuilder(HEAD);
		times.forEach((id, line) -> table.append(line).append(" | ").append(bytes.get(id)).append(" |\n"));
		return table.toString();
	}

}
