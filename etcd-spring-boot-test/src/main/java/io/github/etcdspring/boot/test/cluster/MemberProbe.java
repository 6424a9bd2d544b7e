/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.boot.test.cluster;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.Socket;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLSocketFactory;

/**
 * Asks one member how it is, over its HTTP endpoints. Every question is answered within
 * about two seconds, with "no" by a member that does not answer. Uses no thread and
 * leaves no connection. Immutable.
 */
final class MemberProbe {

	// more than the second that etcd gives its own health check
	private static final int TIMEOUT_MILLIS = 1_500;

	private static final Pattern RAFT_STATUS = Pattern
		.compile("\"id\":\"(?<member>\\w+)\",\"term\":(?<term>\\d+),.*\"lead\":\"(?<leader>\\w+)\"");

	private static final Pattern VERSION = Pattern.compile("\"etcdserver\":\"(?<version>[^\"]+)\"");

	// no object within, and no brace within a string
	private static final Pattern MEMBER = Pattern.compile("\\{[^}]*}");

	// who has just joined knows the others from its flags at first, without client URLs
	private static final Pattern PUBLISHED = Pattern.compile("\"name\":\"(?<name>[^\"]+)\",\"clientURLs\":");

	private final MemberAddress address;

	private final Optional<SSLSocketFactory> sockets;

	/**
	 * Creates a probe.
	 * @param sockets for {@code https}
	 */
	MemberProbe(MemberAddress address, Optional<SSLSocketFactory> sockets) {
		this.address = address;
		this.sockets = sockets;
	}

	/**
	 * Whether the member has just made a linearizable read, which takes a quorum. Alarms
	 * for lack of space do not count.
	 */
	boolean isHealthy() {
		return ask(this.address.endpoint(), "/health?exclude=NOSPACE").contains("\"health\":\"true\"");
	}

	/**
	 * The raft term in which the member says it leads, empty if it does not.
	 */
	OptionalLong termAsLeader() {
		// unlike the maintenance service, this asks for no user
		Matcher status = RAFT_STATUS.matcher(ask(this.address.endpoint(), "/debug/vars"));
		if (status.find() && status.group("leader").equals(status.group("member"))) {
			return OptionalLong.of(Long.parseLong(status.group("term")));
		}
		return OptionalLong.empty();
	}

	/**
	 * The version of the server, empty if it does not answer.
	 */
	String version() {
		Matcher version = VERSION.matcher(ask(this.address.endpoint(), "/version"));
		return version.find() ? version.group("version") : "";
	}

	/**
	 * The names of the members that vote, as the member knows them just now; empty if it
	 * does not answer.
	 */
	List<String> voters() {
		return MEMBER.matcher(ask(this.address.peerUrl(), "/members"))
			.results()
			.map(MatchResult::group)
			.filter((member) -> !member.contains("\"isLearner\":true"))
			.map(PUBLISHED::matcher)
			.filter(Matcher::find)
			.map((name) -> name.group("name"))
			.toList();
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

	// the body of the answer, empty if there is none
	private String ask(String base, String path) {
		try (InputStream input = connect(base + path).getInputStream()) {
			return new String(input.readAllBytes(), StandardCharsets.UTF_8);
		}
		catch (IOException | UncheckedIOException ex) {
			return "";
		}
	}

	private HttpURLConnection connect(String url) throws IOException {
		HttpURLConnection connection = (HttpURLConnection) new URL(url).openConnection(Proxy.NO_PROXY);
		if (connection instanceof HttpsURLConnection secure) {
			secure.setSSLSocketFactory(this.sockets.orElseThrow());
		}
		connection.setConnectTimeout(TIMEOUT_MILLIS);
		connection.setReadTimeout(TIMEOUT_MILLIS);
		// no kept connection, and so no thread that watches over it
		connection.setRequestProperty("Connection", "close");
		return connection;
	}

}
