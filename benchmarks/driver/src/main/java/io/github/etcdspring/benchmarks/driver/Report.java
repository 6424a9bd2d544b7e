/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.benchmarks.driver;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * What is printed, and written to the README.
 */
final class Report {

	private static final String MARK = "<!-- written by benchmarks/run -->\n";

	private Report() {
	}

	static String write(Server server, Options options, Results results, String inProcess, double load)
			throws IOException {
		String libraries = Arrays.stream(Client.values())
			.map((client) -> "- " + client + ": " + client.libraries() + "\n")
			.collect(Collectors.joining());
		return """
				%s, etcd %s, JDK %s, %s, load %.1f before

				%s
				%s
				%s
				%s""".formatted(LocalDate.now(ZoneOffset.UTC), server.version(), Runtime.version(), machine(), load,
				libraries, new Table(results, options).write(), new RecoveryTable(results, options).write(), inProcess);
	}

	private static String machine() throws IOException {
		String model = Files.readAllLines(Path.of("/proc/cpuinfo"))
			.stream()
			.filter((line) -> line.startsWith("model name"))
			.map((line) -> line.substring(line.indexOf(':') + 2))
			.findFirst()
			.orElse(System.getProperty("os.arch"));
		return Runtime.getRuntime().availableProcessors() + " cores of " + model + ", " + System.getProperty("os.name")
				+ " " + System.getProperty("os.version");
	}

	/** Replaces what an earlier run has written. */
	static void keep(String report) throws IOException {
		Path readme = Path.of(System.getProperty("benchmarks.home"), "README.md");
		String text = Files.readString(readme);
		Files.writeString(readme, text.substring(0, text.indexOf(MARK) + MARK.length()) + "\n" + report);
	}

}
