/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.benchmarks.driver;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Timer;
import java.util.TimerTask;

import io.github.etcdspring.benchmarks.harness.Scenario;

/**
 * A JVM that runs scenarios with a client.
 */
final class ClientProcess {

	private static final long TIMEOUT_MILLIS = 150_000;

	/** Compiler threads stay, so that none ends in a window. */
	private static final List<String> JVM = List.of("-Xms1g", "-Xmx1g", "-XX:+UseG1GC",
			"-XX:-UseDynamicNumberOfCompilerThreads", "-XX:-UseDynamicNumberOfGCThreads");

	private final Server server;

	private final Options options;

	private final Results results;

	ClientProcess(Server server, Options options, Results results) {
		this.server = server;
		this.options = options;
		this.results = results;
	}

	void run(Client client, List<Scenario> scenarios) throws Exception {
		List<String> command = new ArrayList<>(
				List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
		command.addAll(JVM);
		command.addAll(this.options.jvmArguments());
		command.addAll(List.of("-cp", client.classPath(), client.mainClass(), this.server.host(),
				Integer.toString(this.server.port()), Double.toString(this.options.seconds())));
		scenarios.forEach((scenario) -> command.add(scenario.name()));
		Path log = Path.of(System.getProperty("benchmarks.home"), "driver", "target", client + ".log");
		Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
			.start();
		Timer timer = new Timer(true);
		timer.schedule(new TimerTask() {

			@Override
			public void run() {
				System.err.println(client + " takes too long and is killed");
				process.destroyForcibly();
			}

		}, TIMEOUT_MILLIS);
		try {
			serve(client, process);
		}
		finally {
			timer.cancel();
			process.destroyForcibly();
		}
	}

	private void serve(Client client, Process process) throws Exception {
		try (BufferedReader lines = process.inputReader(); Writer answers = process.outputWriter()) {
			for (String line = lines.readLine(); line != null; line = lines.readLine()) {
				if (line.startsWith("? ")) {
					answer(line.substring(2), answers);
				}
				else if (line.startsWith("= ")) {
					String[] words = line.split(" ", -1);
					this.results.add(words[1], client, words[2], Double.parseDouble(words[3]));
				}
				else if (line.startsWith("! ") && !line.endsWith(" unsupported")) {
					System.err.println(client + ": " + line.substring(2));
				}
			}
		}
		process.waitFor();
	}

	private void answer(String question, Writer answers) throws Exception {
		String answer = this.server.answer(question);
		try {
			answers.write(answer + "\n");
			answers.flush();
		}
		catch (IOException ex) {
			// it is gone; its output ends too
		}
	}

}
