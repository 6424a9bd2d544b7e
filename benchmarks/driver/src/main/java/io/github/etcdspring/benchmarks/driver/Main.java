/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.benchmarks.driver;

import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

import io.github.etcdspring.benchmarks.harness.Scenario;

/**
 * Runs rounds: in each, each group of scenarios is run by one client after the other, so
 * that what changes on the machine meanwhile meets them all.
 */
public final class Main {

	private final Options options;

	private final long begunNanos = System.nanoTime();

	/** What others do on the machine, which makes figures worthless. */
	private final double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();

	private Main(Options options) {
		this.options = options;
	}

	/**
	 * Runs the benchmarks.
	 * @param arguments as the usage says
	 * @throws Exception if they cannot be run
	 */
	public static void main(String[] arguments) throws Exception {
		if (List.of(arguments).contains("--help")) {
			printUsage(System.out);
			return;
		}
		Options options;
		try {
			options = Options.parse(arguments);
		}
		catch (IllegalArgumentException ex) {
			System.err.println(ex.getMessage());
			printUsage(System.err);
			System.exit(2);
			return;
		}
		new Main(options).run();
	}

	private static void printUsage(PrintStream out) {
		out.printf(Options.USAGE, Scenario.all().stream().map(Scenario::name).collect(Collectors.joining(" ")));
	}

	private void run() throws Exception {
		Results results = new Results();
		try (Server server = Server.start()) {
			rounds(new ClientProcess(server, this.options, results));
			String inProcess = this.options.inProcess() ? InProcess.run() : "";
			String report = Report.write(server, this.options, results, inProcess, this.load);
			System.out.println(report);
			if (this.options.whole()) {
				Report.keep(report);
			}
		}
	}

	private void rounds(ClientProcess process) throws Exception {
		for (int round = 0; round < 100; round++) {
			for (Scenario.Group group : Scenario.Group.values()) {
				List<Scenario> scenarios = this.options.scenarios()
					.stream()
					.filter((scenario) -> scenario.group() == group)
					.toList();
				if (round < this.options.rounds(group) && !scenarios.isEmpty()) {
					clients(process, scenarios, round, group);
				}
			}
		}
	}

	private void clients(ClientProcess process, List<Scenario> scenarios, int round, Scenario.Group group)
			throws Exception {
		for (Client client : this.options.clients()) {
			Duration spent = Duration.ofNanos(System.nanoTime() - this.begunNanos);
			if (spent.compareTo(this.options.limit()) > 0) {
				return;
			}
			System.err.printf("%3d s  round %d  %s  %s%n", spent.toSeconds(), round + 1, group, client);
			process.run(client, scenarios);
		}
	}

}
