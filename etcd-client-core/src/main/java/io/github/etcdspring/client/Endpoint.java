/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.util.List;

/**
 * The client address of one member. All endpoints of a client are of one kind: TLS or
 * plaintext, and TCP or unix sockets, since one connection serves them all.
 */
sealed interface Endpoint permits TcpEndpoint, UnixEndpoint {

	static List<Endpoint> parseAll(List<String> texts) {
		if (texts.isEmpty()) {
			throw new InvalidEndpointException("", "there is none");
		}
		List<Endpoint> endpoints = texts.stream().map(Endpoint::parse).toList();
		for (int i = 1; i < endpoints.size(); i++) {
			endpoints.get(i).requireKindOf(endpoints.get(0), texts.get(i), texts.get(0));
		}
		return endpoints;
	}

	static Endpoint parse(String text) {
		String trimmed = text.trim();
		return UnixEndpoint.isUnix(trimmed) ? UnixEndpoint.parse(text, trimmed) : TcpEndpoint.parse(text, trimmed);
	}

	/**
	 * Refuses an endpoint that cannot be used together with another.
	 * @param text this one as it was given
	 * @param otherText the other one as it was given
	 */
	private void requireKindOf(Endpoint other, String text, String otherText) {
		if (tls() != other.tls()) {
			throw new InvalidEndpointException(text,
					"it mixes plaintext and TLS with '" + otherText + "'; all endpoints must use one of them");
		}
		if (isUnix() != other.isUnix()) {
			throw new InvalidEndpointException(text, "it mixes unix sockets and TCP with '" + otherText
					+ "'; all endpoints must use one of them, since one transport serves them all");
		}
	}

	/** Whether to speak TLS to it. */
	boolean tls();

	/** Whether it is a unix socket. */
	default boolean isUnix() {
		return this instanceof UnixEndpoint;
	}

	/** Whether what is sent to it stays on this machine. */
	boolean isLocal();

	/** What names this member in requests and what its certificate must be for. */
	String authority();

}
