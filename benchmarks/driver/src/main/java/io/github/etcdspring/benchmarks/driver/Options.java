/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.benchmarks.driver;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import io.github.etcdspring.benchmarks.harness.Scenario;
import org.jspecify.annotations.Nullable;

/**
 * What the command line asks for.
 *
 * @param scenarios that are run
 * @param clients that run them
 * @param rounds of every group, or null for its own number
 * @param seconds a window
 * @param limit after which no JVM is started any more
 * @param jvmArguments of the clients, beside the usual
 * @param inProcess whether JMH is run
 * @param whole whether everything is run as it is by default, so that the result is kept
 */
record Options(List<Scenario> scenarios, List<Client> clients, @Nullable Integer rounds, double seconds, Duration limit,
		List<String> jvmArguments, boolean inProcess, boolean whole) {

	static final String USAGE = """
			usage: benchmarks/run [option...]
			  --only SCENARIO,...  those scenarios alone; jmh is one too
			  --clients CLIENT,... of stubs, jetcd, etcd-java, ours; stubs are what the others are compared with
			  --rounds N           JVMs for each client and group of scenarios
			  --seconds S          length of a window, 1 by default
			  --minutes M          no JVM is started after them, 8.5 by default
			  --jvm ARGUMENT       of the JVMs of the clients, such as a profiler; may be repeated
			  --no-build           takes what was built before
			scenarios: %s
			""";

	static Options parse(String[] arguments) {
		Parser parser = new Parser();
		for (int i = 0; i < arguments.length; i += 2) {
			if (i + 1 == arguments.length) {
				throw new IllegalArgumentException("no value for " + arguments[i]);
			}
			parser.take(arguments[i], arguments[i + 1]);
		}
		return parser.options();
	}

	/** Returns in how many rounds a group takes part. */
	int rounds(Scenario.Group group) {
		return (this.rounds != null && group != Scenario.Group.RECOVERY) ? this.rounds : group.rounds();
	}

	private static final class Parser {

		private List<Scenario> scenarios = Scenario.all();

		private List<Client> clients = List.of(Client.values());

		private @Nullable Integer rounds;

		private double seconds = 1;

		private Duration limit = Duration.ofSeconds(510);

		private final List<String> jvmArguments = new ArrayList<>();

		private boolean inProcess = true;

		private boolean whole = true;

		void take(String option, String value) {
			switch (option) {
				case "--only" -> {
					List<String> names = List.of(value.split(",", -1));
					this.inProcess = names.contains("jmh");
					this.scenarios = names.stream().filter((name) -> !name.equals("jmh")).map(Scenario::named).toList();
					this.whole = false;
				}
				case "--clients" -> {
					this.clients = Arrays.stream(value.split(",", -1)).map(Client::named).toList();
					this.whole = false;
				}
				case "--rounds" -> this.rounds = Integer.valueOf(value);
				case "--seconds" -> this.seconds = Double.parseDouble(value);
				case "--minutes" -> this.limit = Duration.ofSeconds((long) (60 * Double.parseDouble(value)));
				case "--jvm" -> {
					this.jvmArguments.add(value);
					this.whole = false;
				}
				default -> throw new IllegalArgumentException("unknown option: " + option);
			}
		}

		Options options() {
			return new Options(this.scenarios, this.clients, this.rounds, this.seconds, this.limit,
					List.copyOf(this.jvmArguments), this.inProcess, this.whole);
		}

	}

}
