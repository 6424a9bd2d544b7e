/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.samples.quickstart;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

import io.github.etcdspring.boot.test.cluster.EtcdCluster;
import org.awaitility.Awaitility;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The packaged sample as a process of its own, as a newcomer runs it.
 */
final class RunningQuickstart implements AutoCloseable {

	private static final JsonMapper JSON = JsonMapper.builder().build();

	private static final HttpClient HTTP = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();

	private final int port;

	private final Process process;

	private final Process guard;

	private final Path log;

	private RunningQuickstart(int port, Process process, Process guard, Path log) {
		this.port = port;
		this.process = process;
		this.guard = guard;
		this.log = log;
	}

	/** Starts an instance and waits until it serves and is registered. */
	static RunningQuickstart start(EtcdCluster cluster, String... arguments) {
		RunningQuickstart quickstart = launch(String.join(",", cluster.endpoints()), arguments);
		try {
			Awaitility.await("registered: " + quickstart.id())
				.atMost(Duration.ofSeconds(60))
				.ignoreExceptions()
				.until(() -> quickstart.instanceIds().contains(quickstart.id()));
		}
		catch (RuntimeException ex) {
			quickstart.close();
			throw new IllegalStateException("the sample did not start:\n" + quickstart.output(), ex);
		}
		return quickstart;
	}

	/** Starts an instance and does not wait. */
	static RunningQuickstart launch(String endpoints, String... arguments) {
		int port = freePort();
		List<String> command = new ArrayList<>(
				List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xshare:auto", "-jar",
						"target/quickstart.jar", "--server.port=" + port));
		command.addAll(List.of(arguments));
		try {
			Path log = Files.createTempFile("quickstart", ".log");
			ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
			builder.environment().put("ETCD_ENDPOINTS", endpoints);
			Process process = builder.start();
			return new RunningQuickstart(port, process, guard(process.pid(), "KILL"), log);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Sends a signal to a process when this JVM is gone, however it ended: then the input
	 * of the guard ends. To be destroyed when that process is gone.
	 */
	static Process guard(long pid, String signal) throws IOException {
		return new ProcessBuilder("bash", "-c", "trap '' HUP INT TERM; read -r _; kill -s \"$1\" \"$0\"",
				Long.toString(pid), signal)
			.start();
	}

	/** Outside the range that outgoing connections take their ports from. */
	static int freePort() {
		while (true) {
			int port = ThreadLocalRandom.current().nextInt(10_000, 20_000);
			try (ServerSocket socket = new ServerSocket()) {
				socket.bind(new InetSocketAddress("localhost", port));
				return port;
			}
			catch (IOException ex) {
				// taken: another
			}
		}
	}

	String id() {
		return "quickstart-" + this.port;
	}

	long pid() {
		return this.process.pid();
	}

	boolean isAlive() {
		return this.process.isAlive();
	}

	/** Sends SIGKILL. */
	void kill() {
		this.process.destroyForcibly();
	}

	/** Sends SIGTERM. */
	void terminate() {
		this.process.destroy();
	}

	int awaitExit(Duration timeout) throws InterruptedException {
		if (!this.process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
			throw new AssertionError("still running after " + timeout + ":\n" + output());
		}
		return this.process.exitValue();
	}

	String output() {
		try {
			return Files.readString(this.log);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	boolean acceptsConnections() {
		try (Socket socket = new Socket()) {
			socket.connect(new InetSocketAddress("localhost", this.port), 1000);
			return true;
		}
		catch (IOException ex) {
			return false;
		}
	}

	String greeting() {
		return get("/api/greeting").path("greeting").asString();
	}

	List<String> instanceIds() {
		List<String> ids = new ArrayList<>();
		get("/api/instances").forEach((instance) -> ids.add(instance.path("id").asString()));
		return ids;
	}

	JsonNode leader() {
		return get("/api/leader");
	}

	JsonNode get(String path) {
		return answer(send(HttpRequest.newBuilder(uri(path)).timeout(Duration.ofSeconds(10)).build()));
	}

	long increment() {
		HttpRequest request = HttpRequest.newBuilder(uri("/api/counter"))
			.timeout(Duration.ofSeconds(60))
			.POST(HttpRequest.BodyPublishers.noBody())
			.build();
		return answer(send(request)).path("counter").asLong();
	}

	URI uri(String path) {
		return URI.create("http://localhost:" + this.port + path);
	}

	private static HttpResponse<String> send(HttpRequest request) {
		try {
			return HTTP.send(request, HttpResponse.BodyHandlers.ofString());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

	private static JsonNode answer(HttpResponse<String> response) {
		if (response.statusCode() != 200) {
			throw new IllegalStateException(response.statusCode() + ": " + response.body());
		}
		return JSON.readTree(response.body());
	}

	@Override
	public void close() {
		this.process.destroyForcibly().onExit().join();
		this.guard.destroyForcibly();
		try {
			Files.deleteIfExists(this.log);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
