/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.samples.quickstart;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
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
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * {@code ./quickstart} without {@code ETCD_ENDPOINTS}, as a newcomer starts and ends it.
 */
class QuickstartScriptIntegrationTests {

	/** The jar was packaged a moment ago: the script need not build it again. */
	private static final Path STAMP = Path.of("target/quickstart.built");

	private static final Duration START = Duration.ofMinutes(2);

	private static final Duration STOP = Duration.ofSeconds(30);

	@TempDir
	Path folder;

	@BeforeAll
	static void markJarAsBuilt() throws IOException {
		Files.writeString(STAMP, "");
	}

	@AfterAll
	static void forgetThatJarIsBuilt() throws IOException {
		Files.delete(STAMP);
	}

	@Test
	void servesWhatItPrintsAndLeavesEtcdInOrderWhenInterruptedTwice() throws Exception {
		try (ScriptRun run = start("one", Map.of()); Watch watch = run.watch("services/")) {
			run.awaitAnswer("/api/greeting", "{\"greeting\":\"Hello\"}");

			assertThat(run.runPrintedPut()).isEqualTo("OK\n");
			run.awaitAnswer("/api/greeting", "{\"greeting\":\"Hi\"}");
			watch.await("PUT\nservices/quickstart/" + run.id());
			run.awaitOutput("Leader of role 'report'");

			run.signal("INT");
			run.awaitOutput("Deregistered quickstart/" + run.id());
			run.signal("INT");

			assertThat(run.awaitExit()).isEqualTo(130);
			watch.await("DELETE\nservices/quickstart/" + run.id());
			assertThat(run.output()).containsPattern("No longer leader of role 'report' with token \\d+: RESIGNED")
				.doesNotContain("stream lost");
			run.assertNothingLeft();
		}
	}

	@Test
	void runsOnEtcdOfItsOwnWhenTwoStartAtOnce() throws Exception {
		try (ScriptRun one = start("one", Map.of()); ScriptRun two = start("two", Map.of())) {
			assertThat(one.etcd()).isNotEqualTo(two.etcd());
			for (ScriptRun each : List.of(one, two)) {
				each.awaitAnswer("/api/instances",
						"[{\"id\":\"" + each.id() + "\",\"host\":\"localhost\",\"port\":" + each.port + "}]");
			}
		}
	}

	@Test
	void keepsSettingsOfOtherEtcdFromItsOwnAndLeavesNothingWhenTerminated() throws Exception {
		try (ScriptRun run = start("one", Map.of("ETCD_NAME", "other", "ETCD_DATA_DIR", "/nowhere"))) {
			assertThat(run.runPrintedPut()).isEqualTo("OK\n");

			run.signal("TERM");

			assertThat(run.awaitExit()).isEqualTo(143);
			run.assertNothingLeft();
		}
	}

	@Test
	void takesOtherPortsWhenOneIsTakenThatAnswersNobody() throws Exception {
		try (Socket bound = new Socket()) {
			bindUnlessTaken(bound, 2379);
			try (ScriptRun run = start("one", Map.of())) {
				assertThat(run.etcd()).isNotEqualTo("http://127.0.0.1:2379");
				assertThat(run.runPrintedPut()).isEqualTo("OK\n");
			}
		}
	}

	private static void bindUnlessTaken(Socket socket, int port) {
		try {
			socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
		}
		catch (IOException ex) {
			// somebody else has it
		}
	}

	private ScriptRun start(String name, Map<String, String> environment) throws IOException {
		return ScriptRun.start(Files.createDirectory(this.folder.resolve(name)), environment);
	}

	/**
	 * The script in a process group of its own, which is what a Ctrl-C in the terminal
	 * signals; heard, also if whatever started this build ignores the signal.
	 */
	private static final class ScriptRun implements AutoCloseable {

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

		static ScriptRun start(Path folder, Map<String, String> environment) throws IOException {
			int port = RunningQuickstart.freePort();
			Path log = folder.resolve("log").toAbsolutePath();
			Path temporary = Files.createDirectory(folder.resolve("temporary"));
			ProcessBuilder builder = new ProcessBuilder("bash", "-c", IN_GROUP_OF_ITS_OWN, log.toString(),
					"--server.port=" + port)
				.directory(Path.of("../..").toFile())
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

		Watch watch(String prefix) throws IOException {
			String etcdctl = printed("^  (\\S+/etcdctl) put ").group(1);
			Path events = this.log.resolveSibling("events");
			return Watch.start(List.of(etcdctl, "--endpoints=" + etcd(), "watch", "--prefix", prefix), events);
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

	}

	/**
	 * An etcdctl that prints what happens to keys.
	 */
	private record Watch(Process process, Process guard, Path events) implements AutoCloseable {

		static Watch start(List<String> command, Path events) throws IOException {
			ProcessBuilder builder = new ProcessBuilder(command).redirectOutput(events.toFile())
				.redirectError(Redirect.INHERIT);
			builder.environment().put("ETCDCTL_API", "3");
			Process process = builder.start();
			return new Watch(process, RunningQuickstart.guard(process.pid(), "KILL"), events);
		}

		void await(String event) {
			Awaitility.await(event).untilAsserted(() -> assertThat(read(this.events)).contains(event));
		}

		@Override
		public void close() {
			this.process.destroyForcibly().onExit().join();
			this.guard.destroyForcibly();
		}

	}

	private static String read(Path file) {
		try {
			return Files.exists(file) ? Files.readString(file) : "";
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
