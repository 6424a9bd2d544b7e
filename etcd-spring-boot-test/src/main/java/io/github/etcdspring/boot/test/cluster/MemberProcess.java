/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.boot.test.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;

import org.jspecify.annotations.Nullable;

/**
 * The server process of one member, one after the other. Thread-safe; what changes the
 * process waits for each other.
 */
final class MemberProcess {

	private static final Duration STOP_TIMEOUT = Duration.ofSeconds(10);

	private final ReentrantLock lock = new ReentrantLock();

	private final List<String> command;

	private final Path log;

	// the last one started; written under the lock
	private volatile @Nullable GuardedProcess process;

	// written under the lock
	private volatile boolean paused;

	// used under the lock; why nothing is started any more
	private @Nullable String retired;

	MemberProcess(List<String> command, Path log) {
		this.command = command;
		this.log = log;
	}

	Path log() {
		return this.log;
	}

	boolean isRunning() {
		GuardedProcess current = this.process;
		return current != null && current.isAlive();
	}

	boolean isResponsive() {
		return isRunning() && !this.paused;
	}

	/**
	 * Starts the server unless it is running.
	 */
	void launch() {
		locked(() -> {
			if (this.retired != null) {
				throw new IllegalStateException(this.retired);
			}
			if (!isRunning()) {
				this.paused = false;
				this.process = GuardedProcess.start(this.command, this.log, this.log);
			}
		});
	}

	/**
	 * Sends SIGKILL and does not wait.
	 */
	void requestKill() {
		GuardedProcess current = this.process;
		if (current != null) {
			current.requestKill();
		}
	}

	void kill() {
		locked(this::killLocked);
	}

	/**
	 * Kills the server for good.
	 * @param reason what later starts are told
	 */
	void retire(String reason) {
		locked(() -> {
			this.retired = reason;
			killLocked();
		});
	}

	private void killLocked() {
		GuardedProcess current = this.process;
		if (current != null) {
			current.kill();
		}
		this.paused = false;
	}

	void stop() {
		locked(() -> {
			GuardedProcess current = this.process;
			if (current == null) {
				return;
			}
			current.requestStop();
			// a paused server takes no notice of SIGTERM
			resume(List.of(this));
			if (!current.awaitExit(STOP_TIMEOUT)) {
				throw new IllegalStateException("etcd did not stop within " + STOP_TIMEOUT + "\n" + logTail(20));
			}
		});
	}

	/**
	 * Freezes the servers that run, all at once.
	 */
	static void pause(List<MemberProcess> servers) {
		locked(servers, () -> {
			List<MemberProcess> running = servers.stream().filter(MemberProcess::isRunning).toList();
			signal("STOP", running);
			running.forEach((server) -> server.paused = true);
		});
	}

	/**
	 * Lets the servers that are paused go on, all at once.
	 */
	static void resume(List<MemberProcess> servers) {
		locked(servers, () -> {
			signal("CONT", servers.stream().filter((server) -> server.paused).toList());
			servers.forEach((server) -> server.paused = false);
		});
	}

	private static void signal(String signal, List<MemberProcess> servers) {
		GuardedProcess.signal(signal,
				servers.stream().map((server) -> Objects.requireNonNull(server.process)).toList());
	}

	// always in the order of the members
	private static void locked(List<MemberProcess> servers, Runnable change) {
		if (servers.isEmpty()) {
			change.run();
		}
		else {
			servers.get(0).locked(() -> locked(servers.subList(1, servers.size()), change));
		}
	}

	private void locked(Runnable change) {
		this.lock.lock();
		try {
			change.run();
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * The pid of the last server started.
	 */
	long pid() {
		GuardedProcess current = this.process;
		if (current == null) {
			throw new IllegalStateException("never started");
		}
		return current.pid();
	}

	/**
	 * The last lines of the log, of all starts.
	 */
	String logTail(int lines) {
		try {
			List<String> all = Files.exists(this.log) ? Files.readAllLines(this.log) : List.of();
			return String.join("\n", all.subList(Math.max(0, all.size() - lines), all.size()));
		}
		catch (IOException ex) {
			throw new UncheckedIOException("cannot read " + this.log, ex);
		}
	}

}
