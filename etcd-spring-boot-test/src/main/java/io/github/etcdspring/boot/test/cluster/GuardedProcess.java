/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.boot.test.cluster;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A program that does not outlive this JVM. It runs as the child of a shell
 * ({@code guard.sh}) which reads its standard input from us: when that input ends,
 * because we are gone or killed, the shell kills the program, a stopped one included. The
 * shell ends when the program does, having reaped it. Thread-safe.
 */
final class GuardedProcess {

	private static final Duration KILL_TIMEOUT = Duration.ofSeconds(10);

	private static final String GUARD = PackagedScript.read("guard.sh");

	private final Process shell;

	private final long pid;

	private GuardedProcess(Process shell, long pid) {
		this.shell = shell;
		this.pid = pid;
	}

	/**
	 * Starts a program; its output is appended to the two files, which may be the same.
	 */
	static GuardedProcess start(List<String> command, Path output, Path errors) {
		List<String> guarded = new ArrayList<>(
				List.of("bash", "-c", GUARD, "etcd-guard", output.toString(), errors.toString()));
		guarded.addAll(command);
		ProcessBuilder builder = new ProcessBuilder(guarded).redirectError(Redirect.DISCARD);
		keepOnlyOurSettings(builder.environment());
		try {
			Process shell = builder.start();
			return new GuardedProcess(shell, readPid(shell));
		}
		catch (IOException ex) {
			throw new UncheckedIOException("cannot start " + command.get(0), ex);
		}
	}

	// etcd takes ETCD_VERSION and its like for settings and fails on them
	private static void keepOnlyOurSettings(Map<String, String> environment) {
		environment.keySet().removeIf((name) -> name.startsWith("ETCD_") || name.startsWith("ETCDCTL_"));
		environment.put("ETCDCTL_API", "3");
		String architecture = System.getProperty("os.arch", "").toLowerCase(Locale.ROOT);
		if (architecture.equals("aarch64")) {
			// etcd 3.4 refuses to run on arm64 without this
			environment.put("ETCD_UNSUPPORTED_ARCH", "arm64");
		}
	}

	private static long readPid(Process shell) throws IOException {
		try (BufferedReader reader = shell.inputReader()) {
			String line = reader.readLine();
			if (line == null) {
				throw new IOException("bash ended at once");
			}
			return Long.parseLong(line);
		}
	}

	long pid() {
		return this.pid;
	}

	boolean isAlive() {
		return this.shell.isAlive();
	}

	/**
	 * Sends SIGTERM, unless the program has ended, and does not wait.
	 */
	void requestStop() {
		program().ifPresent(ProcessHandle::destroy);
	}

	/**
	 * Sends SIGKILL, unless the program has ended, and does not wait.
	 */
	void requestKill() {
		program().ifPresent(ProcessHandle::destroyForcibly);
	}

	/**
	 * Kills the program (SIGKILL) and returns when it is gone and reaped; interruption
	 * does not shorten the wait, only marks the thread.
	 */
	void kill() {
		requestKill();
		boolean interrupted = Thread.interrupted();
		long deadlineNanos = System.nanoTime() + KILL_TIMEOUT.toNanos();
		while (isAlive() && System.nanoTime() - deadlineNanos < 0) {
			try {
				this.shell.waitFor(100, TimeUnit.MILLISECONDS);
			}
			catch (InterruptedException ex) {
				interrupted = true;
			}
		}
		if (interrupted) {
			Thread.currentThread().interrupt();
		}
		if (isAlive()) {
			throw new IllegalStateException("process " + this.pid + " survived SIGKILL for " + KILL_TIMEOUT);
		}
	}

	// empty once the shell has reaped it
	private Optional<ProcessHandle> program() {
		return isAlive() ? ProcessHandle.of(this.pid) : Optional.empty();
	}

	/**
	 * Sends a signal to programs at once, but to none that has ended.
	 * @param signal its name without the SIG, such as {@code STOP}
	 */
	static void signal(String signal, List<GuardedProcess> processes) {
		List<GuardedProcess> alive = processes.stream().filter((process) -> process.program().isPresent()).toList();
		if (alive.isEmpty() || kill(signal, alive)) {
			return;
		}
		if (alive.size() > 1) {
			// one has ended at the very moment
			alive.forEach((process) -> signal(signal, List.of(process)));
		}
		else if (alive.get(0).program().isPresent()) {
			throw new IllegalStateException("cannot send SIG" + signal + " to process " + alive.get(0).pid);
		}
	}

	// Java itself can send only SIGTERM and SIGKILL
	private static boolean kill(String signal, List<GuardedProcess> processes) {
		List<String> command = new ArrayList<>(List.of("sh", "-c", "kill -s \"$0\" \"$@\"", signal));
		processes.forEach((process) -> command.add(Long.toString(process.pid)));
		try {
			Process kill = new ProcessBuilder(command).redirectErrorStream(true)
				.redirectOutput(Redirect.DISCARD)
				.start();
			return kill.waitFor() == 0;
		}
		catch (IOException ex) {
			throw new UncheckedIOException("cannot send SIG" + signal + " by " + command, ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException("interrupted while sending SIG" + signal, ex);
		}
	}

	/**
	 * Waits for the program to end.
	 * @return whether it has ended in time
	 */
	boolean awaitExit(Duration timeout) {
		try {
			return this.shell.waitFor(timeout.toNanos(), TimeUnit.NANOSECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException("interrupted while waiting for process " + this.pid, ex);
		}
	}

	/**
	 * The exit status of the ended program, 128 + n when signal n ended it.
	 */
	int exitCode() {
		return this.shell.exitValue();
	}

}
