/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.samples.quickstart;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.awaitility.Awaitility;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The script in a process group of its own, which is what a Ctrl-C in the terminal
 * signals; heard, also if whatever started this build ignores the signal.
 */
final class ScriptRun implements AutoCloseable {

	/** It may have to build. */
	private static final Duration START = Duration.ofMinutes(4);

	private static final Duration STOP = Duration.ofSeconds(30);

	private static final HttpClient HTTP = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();

	private static final String IN_GROUP_OF_ITS_OWN = """
			set -m
			perl -e '$SIG{INT} = "DEFAULT"; exec @ARGV' ./quickstart "$@" >"$0" 2>&1 </dev/null &
			set +m
			echo $!
			wait $!
			""";

	private final int port;

	private final Process shell;

	private final long pid;

	private final Process guard;

	private final Path log;

	private final Path temporary;

	private final List<ProcessHandle> seen = new ArrayList<>();

	private ScriptRun(int port, Process shell, long pid, Path log, Path temporary) throws IOException {
		this.port = port;
		this.shell = shell;
		this.pid = pid;
		this.guard = RunningQuickstart.guard(pid, "TERM");
		this.log = log;
		this.temporary = temporary;
	}

	/**
	 * Starts it.
	 * @param root the source tree that it belongs to
	 * @param folder for its output, existing
	 */
	static ScriptRun start(Path root, Path folder, Map<String, String> environment) throws IOException {
		int port = RunningQuickstart.freePort();
		Path log = folder.resolve("log").toAbsolutePath();
		Path temporary = Files.createDirectory(folder.resolve("temporary"));
		ProcessBuilder builder = new ProcessBuilder("bash", "-c", IN_GROUP_OF_ITS_OWN, log.toString(),
				"--server.port=" + port)
			.directory(root.toFile())
			.redirectError(Redirect.INHERIT);
		builder.environment().remove("ETCD_ENDPOINTS");
		builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
		builder.environment().put("JDK_JAVA_OPTIONS", "-XX:TieredStopAtLevel=1");
		builder.environment().put("TMPDIR", temporary.toString());
		builder.environment().putAll(environment);
		Process shell = builder.start();
		try (BufferedReader reader = shell.inputReader()) {
			return new ScriptRun(port, shell, Long.parseLong(reader.readLine()), log, temporary);
		}
	}

	int port() {
		return this.port;
	}

	String id() {
		return "quickstart-" + this.port;
	}

	/** The address of its etcd, once it is printed. */
	String etcd() {
		return printed("etcd runs at (\\S+),").group(1);
	}

	/** Runs the etcdctl that it prints for a newcomer to copy. */
	String runPrintedPut() throws IOException {
		MatchResult lines = printed("^  export ETCDCTL_API=.*\n  \\S+/etcdctl put .*$");
		Process put = new ProcessBuilder("bash", "-c", lines.group()).redirectError(Redirect.INHERIT).start();
		return new String(put.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
	}

	EtcdctlWatch watch(String prefix) throws IOException {
		String etcdctl = printed("^  (\\S+/etcdctl) put ").group(1);
		Path events = this.log.resolveSibling("events");
		return EtcdctlWatch.start(List.of(etcdctl, "--endpoints=" + etcd(), "watch", "--prefix", prefix), events);
	}

	private MatchResult printed(String pattern) {
		Pattern compiled = Pattern.compile(pattern, Pattern.MULTILINE);
		Supplier<Optional<MatchResult>> found = () -> compiled.matcher(output()).results().findFirst();
		Awaitility.await(pattern).atMost(START).until(() -> found.get().isPresent() || !this.shell.isAlive());
		return found.get().orElseThrow(() -> new AssertionError("not printed: " + pattern + "\n" + output()));
	}

	void awaitOutput(String text) {
		printed(Pattern.quote(text));
	}

	void awaitAnswer(String path, String expected) {
		HttpRequest request = HttpRequest.newBuilder(URI.create("http://localhost:" + this.port + path))
			.timeout(Duration.ofSeconds(10))
			.build();
		Awaitility.await(path)
			.atMost(START)
			.failFast(() -> assertThat(this.shell.isAlive()).as(output()).isTrue())
			.ignoreExceptionsInstanceOf(IOException.class)
			.until(() -> HTTP.send(request, HttpResponse.BodyHandlers.ofString()).body(), expected::equals);
	}

	/** Sends a signal to the process group, as a terminal does. */
	void signal(String signal) throws IOException {
		this.seen.addAll(this.shell.descendants().toList());
		new ProcessBuilder("bash", "-c", "kill -s \"$1\" -- -\"$0\"", Long.toString(this.pid), signal).inheritIO()
			.start()
			.onExit()
			.join();
	}

	int awaitExit() {
		Awaitility.await("ended").atMost(STOP).until(() -> !this.shell.isAlive());
		return this.shell.exitValue();
	}

	void assertNothingLeft() throws IOException {
		assertThat(this.seen).hasSizeGreaterThanOrEqualTo(2).noneMatch(ProcessHandle::isAlive);
		try (Stream<Path> left = Files.list(this.temporary)) {
			assertThat(left).isEmpty();
		}
	}

	String output() {
		return read(this.log);
	}

	@Override
	public void close() throws IOException {
		if (this.shell.isAlive()) {
			signal("TERM");
			awaitExit();
		}
		this.guard.destroyForcibly();
	}

	static String read(Path file) {
		try {
			return Files.exists(file) ? Files.readString(file) : "";
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
