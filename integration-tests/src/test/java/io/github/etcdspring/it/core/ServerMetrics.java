/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.core;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

import io.github.etcdspring.boot.test.cluster.EtcdMember;

/**
 * What a member's metrics say.
 */
final class ServerMetrics {

	private static final HttpClient HTTP = HttpClient.newHttpClient();

	private ServerMetrics() {
	}

	/**
	 * {@return the sum of a metric over all its label values}
	 * @param member whose
	 * @param name of the metric
	 * @param label text that the labels must contain
	 */
	static double sum(EtcdMember member, String name, String label) {
		HttpRequest request = HttpRequest.newBuilder(URI.create(member.endpoint() + "/metrics"))
			.timeout(Duration.ofSeconds(5))
			.build();
		try {
			return HTTP.send(request, HttpResponse.BodyHandlers.ofString())
				.body()
				.lines()
				.filter((line) -> line.startsWith(name) && line.contains(label))
				.mapToDouble((line) -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
				.sum();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException("interrupted", ex);
		}
	}

}
