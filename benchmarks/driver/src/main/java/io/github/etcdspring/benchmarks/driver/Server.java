/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.benchmarks.driver;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;

import io.github.etcdspring.benchmarks.harness.BenchmarkedClient;
import io.github.etcdspring.benchmarks.harness.Keys;
import io.github.etcdspring.benchmarks.stubs.StubsClient;
import io.github.etcdspring.boot.test.cluster.EtcdCluster;
import org.jspecify.annotations.Nullable;

/**
 * A real etcd and what the clients ask to be done to it. It does not wait for the disk,
 * which is not measured.
 */
final class Server implements AutoCloseable {

	private static final int IN_FLIGHT = 32;

	private final EtcdCluster cluster;

	private final BenchmarkedClient client;

	private final HttpClient http = HttpClient.newHttpClient();

	private final URI endpoint;

	private final long backlog;

	private Server(EtcdCluster cluster) throws Exception {
		this.cluster = cluster;
		this.endpoint = URI.create(cluster.endpoints().get(0));
		this.client = StubsClient.open(host(), port());
		write(Keys.SINGLE, Keys.SINGLES, Keys.SINGLES);
		write(Keys.RANGE, Keys.RANGE_SIZE, Keys.RANGE_SIZE);
		this.backlog = (long) metric("etcd_debugging_mvcc_current_revision") + 1;
		write(Keys.BACKLOG, 1_000, Keys.BACKLOG_EVENTS);
	}

	static Server start() throws Exception {
		EtcdCluster cluster = EtcdCluster.builder().serverArguments("--unsafe-no-fsync").start();
		try {
			return new Server(cluster);
		}
		catch (Exception ex) {
			cluster.close();
			throw ex;
		}
	}

	String host() {
		return this.endpoint.getHost();
	}

	int port() {
		return this.endpoint.getPort();
	}

	String version() {
		return this.cluster.version();
	}

	/** Does what a client asks for, and returns the answer. */
	String answer(String question) throws Exception {
		String[] words = question.split(" ", -1);
		switch (words[0]) {
			case "write" -> write(words[1], Integer.parseInt(words[2]), Integer.parseInt(words[3]));
			case "kill" -> this.cluster.kill();
			case "restart" -> {
				Thread.sleep(Long.parseLong(words[1]));
				this.cluster.restart();
				return Long.toString(System.nanoTime());
			}
			case "metric" -> {
				return Double.toString(metric(words[1]));
			}
			case "backlog" -> {
				return Long.toString(this.backlog);
			}
			default -> throw new IllegalArgumentException(question);
		}
		return "done";
	}

	private void write(String prefix, int keys, int events) throws InterruptedException {
		Semaphore permits = new Semaphore(IN_FLIGHT);
		AtomicReference<@Nullable Throwable> failed = new AtomicReference<>();
		for (int i = 0; i < events; i++) {
			permits.acquire();
			this.client.putAsync(Keys.key(prefix, i % keys), Keys.value(System.nanoTime()), (failure) -> {
				failed.compareAndSet(null, failure);
				permits.release();
			});
		}
		permits.acquire(IN_FLIGHT);
		Throwable failure = failed.get();
		if (failure != null) {
			throw new IllegalStateException("an event was not written", failure);
		}
	}

	private double metric(String name) throws IOException, InterruptedException {
		HttpRequest request = HttpRequest.newBuilder(this.endpoint.resolve("/metrics")).build();
		return this.http.send(request, HttpResponse.BodyHandlers.ofLines())
			.body()
			.filter((line) -> line.startsWith(name + " "))
			.mapToDouble((line) -> Double.parseDouble(line.substring(name.length() + 1)))
			.sum();
	}

	@Override
	public void close() {
		this.client.close();
		this.cluster.close();
	}

}
