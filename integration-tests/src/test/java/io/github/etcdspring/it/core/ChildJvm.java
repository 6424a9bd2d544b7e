/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.core;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import static org.awaitility.Awaitility.await;

/**
 * Another JVM that runs a main class of these tests; to be closed, and killed by its
 * guard when this JVM is gone, however that ended.
 */
public final class ChildJvm implements AutoCloseable {

	private final Process process;

	private final Process guard;

	private final Path output;

	private ChildJvm(Process process, Process guard, Path output) {
		this.process = process;
		this.guard = guard;
		this.output = output;
	}

	/**
	 * Starts one with the class path of this JVM.
	 * @param main the class with the main method
	 * @param arguments of the main method
	 * @return the JVM, to be closed
	 */
	public static ChildJvm start(Class<?> main, List<String> arguments) {
		return start(main, arguments, (jar) -> true);
	}

	/**
	 * Starts one with a class path of its own.
	 * @param main the class with the main method
	 * @param arguments of the main method
	 * @param jars which of this class path, by their names
	 * @param more what else is on the class path
	 * @return the JVM, to be closed
	 */
	public static ChildJvm start(Class<?> main, List<String> arguments, Predicate<String> jars, Path... more) {
		List<String> command = new ArrayList<>(
				List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xshare:auto",
						"-XX:TieredStopAtLevel=1", "-cp", classPath(jars, more), main.getName()));
		command.addAll(arguments);
		try {
			Path output = Files.createTempFile("child", ".log");
			Process process = new ProcessBuilder(command).redirectErrorStream(true)
				.redirectOutput(output.toFile())
				.start();
			return new ChildJvm(process, guard(process), output);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** Its input ends with this JVM. */
	private static Process guard(Process process) throws IOException {
		return new ProcessBuilder("bash", "-c", "trap '' HUP INT TERM; read -r _; kill -s KILL \"$0\"",
				Long.toString(process.pid()))
			.start();
	}

	private static String classPath(Predicate<String> jars, Path... more) {
		String all = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
		Stream<String> these = Arrays.stream(all.split(File.pathSeparator, -1))
			.filter((entry) -> jars.test(new File(entry).getName()));
		return Stream.concat(these, Arrays.stream(more).map(Path::toString))
			.collect(Collectors.joining(File.pathSeparator));
	}

	/**
	 * Freezes it (SIGSTOP) and returns when none of its threads runs.
	 */
	public void pause() {
		signal("STOP");
		await("pause of the JVM").pollDelay(Duration.ZERO)
			// a thread that is gone
			.ignoreExceptionsInstanceOf(NoSuchFileException.class)
			.pollInterval(Duration.ofMillis(5))
			.until(() -> states().stream().allMatch("T"::equals));
	}

	/**
	 * Lets it go on (SIGCONT).
	 */
	public void resume() {
		signal("CONT");
	}

	private void signal(String name) {
		try {
			Process kill = new ProcessBuilder("bash", "-c", "kill -s \"$0\" \"$1\"", name,
					Long.toString(this.process.pid()))
				.start();
			if (kill.waitFor() != 0) {
				throw new IllegalStateException("no signal " + name + " sent: the JVM has ended\n" + output());
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException("interrupted", ex);
		}
	}

	/** The states of its threads as Linux names them. */
	private List<String> states() throws IOException {
		try (Stream<Path> threads = Files.list(Path.of("/proc", Long.toString(this.process.pid()), "task"))) {
			List<String> states = new ArrayList<>();
			for (Path thread : threads.toList()) {
				String stat = Files.readString(thread.resolve("stat"));
				states.add(stat.substring(stat.lastIndexOf(')') + 2).substring(0, 1));
			}
			return states;
		}
	}

	/**
	 * Writes a line to its standard input.
	 * @param line without its end
	 */
	public void send(String line) {
		try {
			OutputStream input = this.process.getOutputStream();
			input.write((line + "\n").getBytes(StandardCharsets.UTF_8));
			input.flush();
		}
		catch (IOException ex) {
			throw new UncheckedIOException("the JVM has ended:\n" + output(), ex);
		}
	}

	/**
	 * Waits for its end.
	 * @param time the longest wait
	 * @return the exit code
	 */
	public int awaitExit(Duration time) {
		try {
			if (!this.process.waitFor(time.toMillis(), TimeUnit.MILLISECONDS)) {
				throw new IllegalStateException("still running after " + time + ":\n" + output());
			}
			return this.process.exitValue();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException("interrupted", ex);
		}
	}

	/**
	 * {@return what it has written so far}
	 */
	public String output() {
		try {
			return Files.readString(this.output);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Kills it (SIGKILL) and returns when it is gone; its output can be read on.
	 */
	public void kill() {
		this.process.destroyForcibly().onExit().join();
	}

	@Override
	public void close() {
		kill();
		this.guard.destroyForcibly();
		try {
			Files.deleteIfExists(this.output);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
