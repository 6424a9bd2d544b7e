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
import io.github.etcdspring.client.EtcdCredentials;

/**
 * A member's JSON gateway: a way to it without the client.
 */
final class Gateway {

	private static final HttpClient HTTP = HttpClient.newHttpClient();

	private Gateway() {
	}

	/**
	 * {@return a new token of a user}
	 * @param member who is asked
	 * @param credentials the user
	 */
	static String logIn(EtcdMember member, EtcdCredentials credentials) {
		String answer = post(member, "/v3/auth/authenticate", "",
				"{\"name\":\"" + credentials.user() + "\",\"password\":\"" + credentials.password() + "\"}");
		return answer.replaceAll(".*\"token\":\"([^\"]*)\".*", "$1");
	}

	/**
	 * {@return the answer to a request}
	 * @param member who is asked
	 * @param path of the method
	 * @param token who asks, empty for nobody
	 * @param json the request
	 */
	static String post(EtcdMember member, String path, String token, String json) {
		HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(member.endpoint() + path))
			.timeout(Duration.ofSeconds(5))
			.POST(HttpRequest.BodyPublishers.ofString(json));
		if (!token.isEmpty()) {
			request.header("Authorization", token);
		}
		try {
			return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString()).body().strip();
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
