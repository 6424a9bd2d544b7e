/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.boot.test.cluster;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * Finds the programs of an etcd version by the project's script {@code etcd}, which may
 * have to download them; its {@code --help} names the sources. What was found is
 * remembered as long as it exists; what the script has to say, such as that it passes
 * over {@code ETCD_BIN}, is printed once. Thread-safe.
 */
final class EtcdBinaries {

	private static final Duration TIMEOUT = Duration.ofMinutes(10);

	private static final Map<List<String>, String> FOUND = new ConcurrentHashMap<>();

	private static final Set<String> NOTES = ConcurrentHashMap.newKeySet();

	private EtcdBinaries() {
	}

	/**
	 * Returns the path of a server.
	 * @param version such as {@code 3.5} or {@code 3.5.30}, empty for any
	 * @throws IllegalStateException with the script's reason if there is none
	 */
	static String server(String version) {
		return find(version.isEmpty() ? List.of() : List.of(version));
	}

	/**
	 * Returns the path of the etcdctl of a version.
	 * @param version such as {@code 3.5}
	 * @throws IllegalStateException with the script's reason if there is none
	 */
	static String etcdctl(String version) {
		return find(List.of("--etcdctl", version));
	}

	private static String find(List<String> arguments) {
		String known = FOUND.get(arguments);
		if (known != null && Files.isExecutable(Path.of(known))) {
			return known;
		}
		try {
			Path folder = Files.createTempDirectory("etcd-script-");
			try {
				String found = run(folder, arguments);
				FOUND.put(arguments, found);
				return found;
			}
			finally {
				for (String file : List.of("etcd", "out", "err")) {
					Files.deleteIfExists(folder.resolve(file));
				}
				Files.delete(folder);
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException("cannot look for etcd", ex);
		}
	}

	private static String run(Path folder, List<String> arguments) throws IOException {
		Path script = Files.writeString(folder.resolve("etcd"), PackagedScript.read("etcd"));
		File out = folder.resolve("out").toFile();
		File err = folder.resolve("err").toFile();
		List<String> command = new ArrayList<>(List.of("bash", script.toString()));
		command.addAll(arguments);
		Process process = new ProcessBuilder(command).redirectInput(Redirect.from(new File("/dev/null")))
			.redirectOutput(out)
			.redirectError(err)
			.start();
		boolean found = awaitExit(process) == 0;
		String notes = Files.readString(err.toPath()).strip();
		if (!found) {
			throw new IllegalStateException(notes);
		}
		if (!notes.isEmpty() && NOTES.add(notes)) {
			System.err.println(notes);
		}
		return Files.readString(out.toPath()).strip();
	}

	private static int awaitExit(Process process) {
		try {
			if (process.waitFor(TIMEOUT.toNanos(), TimeUnit.NANOSECONDS)) {
				return process.exitValue();
			}
			throw new IllegalStateException("no etcd found within " + TIMEOUT);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException("interrupted while looking for etcd", ex);
		}
		finally {
			process.destroy();
		}
	}

}
