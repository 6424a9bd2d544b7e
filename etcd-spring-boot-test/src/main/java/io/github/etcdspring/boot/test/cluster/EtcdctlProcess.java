/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.boot.test.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.List;

/**
 * A running etcdctl, such as {@code lock}, {@code elect} or {@code watch}. It ends by
 * itself, by {@link #interrupt()}, by {@link #close()}, with its cluster, or with this
 * JVM. Thread-safe.
 */
public final class EtcdctlProcess implements AutoCloseable {

	private final EtcdctlCommand command;

	private final GuardedProcess process;

	private final Path output;

	private final Path errors;

	private final Consumer<EtcdctlProcess> whenClosed;

	private EtcdctlProcess(EtcdctlCommand command, GuardedProcess process, Path output, Path errors,
			Consumer<EtcdctlProcess> whenClosed) {
		this.command = command;
		this.process = process;
		this.output = output;
		this.errors = errors;
		this.whenClosed = whenClosed;
	}

	static EtcdctlProcess start(EtcdctlCommand command, List<String> line, ClusterFolder folder,
			Consumer<EtcdctlProcess> whenClosed) {
		Path output = folder.newFile(".out");
		Path errors = folder.newFile(".err");
		GuardedProcess process = GuardedProcess.start(line, output, errors);
		return new EtcdctlProcess(command, process, output, errors, whenClosed);
	}

	/**
	 * {@return whether etcdctl is running}
	 */
	public boolean isAlive() {
		return this.process.isAlive();
	}

	/**
	 * {@return the lines written to standard output so far, the oldest first} An
	 * unfinished last one is left out while etcdctl runs.
	 */
	public List<String> output() {
		boolean complete = !isAlive();
		String text = read(this.output);
		int end = complete ? text.length() : text.lastIndexOf('\n') + 1;
		return text.substring(0, end).lines().toList();
	}

	/**
	 * Waits for a line of output that contains a text.
	 * @param text to look for
	 * @param timeout the longest wait
	 * @return the first such line, written before this call or since
	 * @throws IllegalStateException if the time is over or etcdctl ends without it, or
	 * the thread is interrupted; the message has the output so far
	 */
	public String awaitOutput(String text, Duration timeout) {
		Objects.requireNonNull(text, "text");
		return awaitOutput((line) -> line.contains(text), timeout);
	}

	/**
	 * Waits for a line of output.
	 * @param expected what the line is like
	 * @param timeout the longest wait
	 * @return the first such line, written before this call or since
	 * @throws IllegalStateException if the time is over or etcdctl ends without it, or
	 * the thread is interrupted; the message has the output so far
	 */
	public String awaitOutput(Predicate<String> expected, Duration timeout) {
		Objects.requireNonNull(expected, "expected");
		Deadline.after(timeout).await(() -> !isAlive() || find(expected).isPresent());
		return find(expected).orElseThrow(() -> new IllegalStateException("output missing after " + timeout + ": "
				+ this.command + "\n" + read(this.output) + read(this.errors)));
	}

	private Optional<String> find(Predicate<String> expected) {
		return output().stream().filter(expected).findFirst();
	}

	/**
	 * Sends SIGINT, upon which {@code lock} and {@code elect} release what they hold, and
	 * does not wait. Does nothing if etcdctl has ended.
	 */
	public void interrupt() {
		GuardedProcess.signal("INT", List.of(this.process));
	}

	/**
	 * Kills etcdctl if it is running, and deletes its output. What it holds in etcd stays
	 * until its lease expires.
	 */
	@Override
	public void close() {
		this.process.kill();
		try {
			Files.deleteIfExists(this.output);
			Files.deleteIfExists(this.errors);
		}
		catch (IOException ex) {
			throw new UncheckedIOException("cannot delete the output of etcdctl", ex);
		}
		this.whenClosed.accept(this);
	}

	/**
	 * Waits for a successful end.
	 * @return all of the standard output, without its last newline
	 * @throws EtcdctlException if the time is over or etcdctl fails
	 */
	String awaitSuccess(Duration timeout) {
		boolean ended = this.process.awaitExit(timeout);
		this.process.kill();
		if (!ended) {
			throw failed("etcdctl took longer than " + timeout);
		}
		if (this.process.exitCode() != 0) {
			throw failed("etcdctl failed with exit code " + this.process.exitCode());
		}
		String text = read(this.output);
		return text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
	}

	private EtcdctlException failed(String what) {
		return new EtcdctlException(what, this.command.toString(), this.process.exitCode(), read(this.errors).strip());
	}

	private static String read(Path file) {
		try {
			return Files.exists(file) ? new String(Files.readAllBytes(file), StandardCharsets.UTF_8) : "";
		}
		catch (IOException ex) {
			throw new UncheckedIOException("cannot read the output of etcdctl", ex);
		}
	}

}
