/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.benchmarks.harness;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * Has the driver do what must not be counted for the client: a line out, a line back.
 */
final class DriverLink {

	private final BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));

	private final PrintStream out = System.out;

	/**
	 * Writes events to so many keys under the prefix, and returns when all are written.
	 */
	void write(String prefix, int keys, int events) throws IOException {
		ask("write " + prefix + " " + keys + " " + events);
	}

	/** Returns the revision of the first event of the backlog. */
	long backlog() throws IOException {
		return Long.parseLong(ask("backlog"));
	}

	/** Returns a metric of the server. */
	double metric(String name) throws IOException {
		return Double.parseDouble(ask("metric " + name));
	}

	/** Kills the server, and returns when it is gone. */
	void kill() throws IOException {
		ask("kill");
	}

	/** Starts the server again, and returns the reading of the clock when it served. */
	long restart(long afterMillis) throws IOException {
		return Long.parseLong(ask("restart " + afterMillis));
	}

	private String ask(String question) throws IOException {
		this.out.println("? " + question);
		this.out.flush();
		String answer = this.in.readLine();
		if (answer == null) {
			throw new IOException("the driver is gone");
		}
		return answer;
	}

}
