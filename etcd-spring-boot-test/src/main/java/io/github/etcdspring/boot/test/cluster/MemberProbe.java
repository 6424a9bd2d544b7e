/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.boot.test.cluster;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.Socket;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Asks one member how it is, over its plain HTTP endpoints. Every question is answered
 * within about two seconds, with "no" by a member that does not answer. Uses no thread
 * and leaves no connection. Immutable.
 */
final class MemberProbe {

	// more than the second that etcd gives its own health check
	private static final int TIMEOUT_MILLIS = 1_500;

	private static final Pattern STATUS = Pattern
		.compile("\"member_id\":\"(?<member>\\d+)\".*\"raft_term\":\"(?<term>\\d+)\".*\"leader\":\"(?<leader>\\d+)\"");

	private static final Pattern VERSION = Pattern.compile("\"etcdserver\":\"(?<version>[^\"]+)\"");

	private final MemberAddress address;

	MemberProbe(MemberAddress address) {
		this.address = address;
	}

	/**
	 * Whether the member has just made a linearizable read, which takes a quorum. Alarms
	 * for lack of space do not count.
	 */
	boolean isHealthy() {
		return ask("/health?exclude=NOSPACE", "").contains("\"health\":\"true\"");
	}

	/**
	 * The raft term in which the member says it leads, empty if it does not.
	 */
	OptionalLong termAsLeader() {
		Matcher status = STATUS.matcher(ask("/v3/maintenance/status", "{}"));
		if (status.find() && status.group("leader").equals(status.group("member"))) {
			return OptionalLong.of(Long.parseLong(status.group("term")));
		}
		return OptionalLong.empty();
	}

	/**
	 * The version of the server, empty if it does not answer.
	 */
	String version() {
		Matcher version = VERSION.matcher(ask("/version", ""));
		return version.find() ? version.group("version") : "";
	}

	boolean acceptsConnections() {
		try (Socket socket = new Socket()) {
			socket.connect(MemberAddress.loopback(this.address.clientPort()), TIMEOUT_MILLIS);
			return true;
		}
		catch (IOException ex) {
			return false;
		}
	}

	/**
	 * Sends a GET, or a POST if there is a body.
	 * @return the body of the answer, empty if there is none
	 */
	private String ask(String path, String body) {
		try {
			HttpURLConnection connection = connect(path);
			if (!body.isEmpty()) {
				connection.setDoOutput(true);
				try (OutputStream output = connection.getOutputStream()) {
					output.write(body.getBytes(StandardCharsets.US_ASCII));
				}
			}
			try (InputStream input = connection.getInputStream()) {
				return new String(input.readAllBytes(), StandardCharsets.UTF_8);
			}
		}
		catch (IOException | UncheckedIOException ex) {
			return "";
		}
	}

	private HttpURLConnection connect(String path) throws IOException {
		URL url = new URL(this.address.endpoint() + path);
		HttpURLConnection connection = (HttpURLConnection) url.openConnection(Proxy.NO_PROXY);
		connection.setConnectTimeout(TIMEOUT_MILLIS);
		connection.setReadTimeout(TIMEOUT_MILLIS);
		// no kept connection, and so no thread that watches over it
		connection.setRequestProperty("Connection", "close");
		return connection;
	}

}
