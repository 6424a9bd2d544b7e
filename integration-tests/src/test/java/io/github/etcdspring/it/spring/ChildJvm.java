/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.spring;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Another JVM that runs a main class of these tests; to be closed, and killed by its
 * guard when this JVM is gone, however that ended.
 */
final class ChildJvm implements AutoCloseable {

	private final Process process;

	private final Process guard;

	private final Path output;

	private ChildJvm(Process process, Process guard, Path output) {
		this.process = process;
		this.guard = guard;
		this.output = output;
	}

	static ChildJvm start(Class<?> main, List<String> arguments) {
		return start(main, arguments, (jar) -> true);
	}

	/** Starts it with those jars of this class path whose names pass, and some more. */
	static ChildJvm start(Class<?> main, List<String> arguments, Predicate<String> jars, Path... more) {
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

	/** Waits for its end and returns the exit code. */
	int awaitExit(Duration time) {
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

	String output() {
		try {
			return Files.readString(this.output);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Override
	public void close() {
		this.process.destroyForcibly().onExit().join();
		this.guard.destroyForcibly();
		try {
			Files.deleteIfExists(this.output);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
