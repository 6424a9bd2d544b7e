/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.boot.test.cluster;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The temporary folder of one cluster: data, logs, certificates, and the output of
 * etcdctl. A shell ({@code sweep.sh}) removes it at {@link #remove()} or when this JVM is
 * gone, however that ended. Thread-safe.
 */
final class ClusterFolder {

	private static final Duration REMOVE_TIMEOUT = Duration.ofSeconds(10);

	private final AtomicInteger files = new AtomicInteger();

	private final Path path;

	private final Process sweeper;

	private final AtomicBoolean complained = new AtomicBoolean();

	private ClusterFolder(Path path, Process sweeper) {
		this.path = path;
		this.sweeper = sweeper;
	}

	static ClusterFolder create() {
		try {
			Path path = Files.createTempDirectory("etcd-cluster-");
			Process sweeper = new ProcessBuilder("bash", "-c", PackagedScript.read("sweep.sh"), "etcd-sweeper",
					path.toString())
				.redirectOutput(Redirect.DISCARD)
				.redirectError(Redirect.DISCARD)
				.start();
			return new ClusterFolder(path, sweeper);
		}
		catch (IOException ex) {
			throw new UncheckedIOException("cannot create a folder for the cluster", ex);
		}
	}

	Path path() {
		return this.path;
	}

	Path data(String member) {
		return this.path.resolve(member + ".data");
	}

	Path log(String member) {
		return this.path.resolve(member + ".log");
	}

	Path certificates() {
		return this.path.resolve("tls");
	}

	/**
	 * Returns the path of a file that was not handed out before.
	 */
	Path newFile(String suffix) {
		return this.path.resolve("etcdctl-" + this.files.incrementAndGet() + suffix);
	}

	/**
	 * Removes everything and returns when it is gone; no process may write there any
	 * more. Interruption does not shorten the wait, only marks the thread. What cannot be
	 * removed is named on standard error, once.
	 */
	void remove() {
		try (OutputStream input = this.sweeper.getOutputStream()) {
			input.write("now\n".getBytes(StandardCharsets.US_ASCII));
		}
		catch (IOException ex) {
			// the sweeper has ended: its exit code says how
		}
		awaitSweeper();
		if ((this.sweeper.isAlive() || this.sweeper.exitValue() != 0) && this.complained.compareAndSet(false, true)) {
			System.err.println("cannot remove the folder of a cluster: " + this.path);
		}
	}

	private void awaitSweeper() {
		boolean interrupted = Thread.interrupted();
		long deadlineNanos = System.nanoTime() + REMOVE_TIMEOUT.toNanos();
		while (this.sweeper.isAlive() && System.nanoTime() - deadlineNanos < 0) {
			try {
				this.sweeper.waitFor(100, TimeUnit.MILLISECONDS);
			}
			catch (InterruptedException ex) {
				interrupted = true;
			}
		}
		if (interrupted) {
			Thread.currentThread().interrupt();
		}
	}

}
