/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.spring;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

import static io.github.etcdspring.it.spring.Moments.soon;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * A real etcd of one member that listens on unix sockets only, two for clients. It is
 * killed by its guard when this JVM is gone, however that ended.
 */
final class UnixEtcd implements AutoCloseable {

	/** Every version wants what looks like a host and a port, in its own folder. */
	private static final List<String> SOCKETS = List.of("localhost:1", "localhost:2");

	private final Path folder;

	private final Process process;

	private final Process guard;

	private UnixEtcd(Path folder, Process process, Process guard) {
		this.folder = folder;
		this.process = process;
		this.guard = guard;
	}

	/** Starts it and returns when its sockets are there. */
	static UnixEtcd start() {
		try {
			Path folder = Files.createTempDirectory("unix-etcd");
			String urls = String.join(",", SOCKETS.stream().map((socket) -> "unix://" + socket).toList());
			Process process = new ProcessBuilder(binary(), "--data-dir=data", "--listen-client-urls=" + urls,
					"--advertise-client-urls=" + urls, "--listen-peer-urls=unix://peer:1",
					"--initial-advertise-peer-urls=unix://peer:1", "--initial-cluster=default=unix://peer:1")
				.directory(folder.toFile())
				.redirectErrorStream(true)
				.redirectOutput(folder.resolve("log").toFile())
				.start();
			Process guard = new ProcessBuilder("bash", "-c", "trap '' HUP INT TERM; read -r _; kill -s KILL \"$0\"",
					Long.toString(process.pid()))
				.start();
			UnixEtcd etcd = new UnixEtcd(folder, process, guard);
			etcd.awaitSockets();
			return etcd;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private void awaitSockets() {
		try {
			soon().until(() -> sockets().stream().allMatch(Files::exists));
		}
		catch (RuntimeException ex) {
			close();
			throw ex;
		}
	}

	private static String binary() throws IOException {
		Path script = Stream.iterate(Path.of("").toAbsolutePath(), Objects::nonNull, Path::getParent)
			.map((folder) -> folder.resolve("scripts/etcd"))
			.filter(Files::exists)
			.findFirst()
			.orElseThrow();
		Process run = new ProcessBuilder(script.toString(), System.getProperty("etcd.version", ""))
			.redirectError(ProcessBuilder.Redirect.DISCARD)
			.start();
		String found = new String(run.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
		assertThat(found).as("path of etcd").isNotEmpty();
		return found;
	}

	/** Returns the paths of its sockets. */
	List<Path> sockets() {
		return SOCKETS.stream().map(this.folder::resolve).toList();
	}

	@Override
	public void close() {
		this.process.destroyForcibly().onExit().join();
		this.guard.destroyForcibly();
		try (Stream<Path> files = Files.walk(this.folder)) {
			for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
				Files.delete(file);
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
