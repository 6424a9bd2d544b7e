/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.benchmarks.harness;

import java.io.PrintStream;

/**
 * What the main class of an adapter runs.
 */
public final class ClientMain {

	private ClientMain() {
	}

	/**
	 * Runs scenarios and ends the JVM. Prints {@code = scenario figure value} for each
	 * figure and {@code ! scenario reason} for a scenario that could not be run.
	 * @param arguments host, port, seconds a window, scenarios
	 * @param opening opens the client that is measured
	 */
	public static void run(String[] arguments, BenchmarkedClient.Opening opening) {
		DriverLink driver = new DriverLink();
		boolean warm = false;
		for (int i = 3; i < arguments.length; i++) {
			Scenario scenario = Scenario.named(arguments[i]);
			Run run = new Run(opening, arguments[0], Integer.parseInt(arguments[1]), driver, new Meter(),
					Double.parseDouble(arguments[2]));
			run(scenario, run, !warm, System.out);
			warm = true;
		}
		// a client may leave threads behind
		System.exit(0);
	}

	private static void run(Scenario scenario, Run run, boolean cold, PrintStream out) {
		try {
			if (cold && scenario.group() == Scenario.Group.CALLS) {
				CallScenarios.warmUp(run);
			}
			scenario.body().run(run);
			run.meter().report(scenario.name(), out);
		}
		catch (UnsupportedOperationException ex) {
			out.println("! " + scenario.name() + " unsupported");
		}
		catch (Exception ex) {
			ex.printStackTrace();
			out.println("! " + scenario.name() + " " + ex);
		}
		out.flush();
	}

}
