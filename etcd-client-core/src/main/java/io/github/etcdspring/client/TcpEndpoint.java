/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.util.Locale;

/**
 * A member that listens on a port.
 *
 * @param tls whether to speak TLS to it
 * @param host its host name or address, IPv6 without brackets
 * @param port its port
 */
record TcpEndpoint(boolean tls, String host, int port) implements Endpoint {

	/**
	 * Reads {@code http://host:port}, {@code https://host:port} or {@code host:port}.
	 * @param text as it was given, for messages
	 */
	static TcpEndpoint parse(String text, String trimmed) {
		String full = trimmed.contains("://") ? trimmed : "http://" + trimmed;
		URI given = toUri(text, full);
		// a URI has no underscore in its host, the networks of containers do
		boolean underscored = given.getHost() == null;
		URI uri = underscored ? toUri(text, full.replace('_', 'x')) : given;
		String scheme = uri.getScheme().toLowerCase(Locale.ROOT);
		if (!scheme.equals("http") && !scheme.equals("https")) {
			throw new InvalidEndpointException(text, "its scheme is '" + scheme + "'");
		}
		if (uri.getRawUserInfo() != null) {
			throw new InvalidEndpointException(text,
					"it holds a user name; credentials are given apart from endpoints");
		}
		if (uri.getHost() == null) {
			throw new InvalidEndpointException(text, "it has no valid host");
		}
		if (uri.getPort() < 1 || uri.getPort() > 65535) {
			throw new InvalidEndpointException(text, "it has no valid port; etcd's client port is usually 2379");
		}
		if (!withoutPath(uri)) {
			throw new InvalidEndpointException(text, "it has a path, a query or a fragment");
		}
		String host = given.getRawAuthority().substring(0, uri.getHost().length());
		if (underscored && scheme.equals("https")) {
			throw new InvalidEndpointException(text,
					"its host name has an underscore, which no TLS certificate can be checked for");
		}
		return new TcpEndpoint(scheme.equals("https"), withoutBrackets(host), uri.getPort());
	}

	private static URI toUri(String text, String uri) {
		try {
			return new URI(uri);
		}
		catch (URISyntaxException ex) {
			throw new InvalidEndpointException(text, "it is not a URI");
		}
	}

	private static boolean withoutPath(URI uri) {
		String path = uri.getRawPath();
		return (path == null || path.isEmpty() || path.equals("/")) && uri.getRawQuery() == null
				&& uri.getRawFragment() == null;
	}

	private static String withoutBrackets(String host) {
		return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
	}

	@Override
	public boolean isLocal() {
		return this.host.equals("localhost") || this.host.startsWith("127.") || this.host.equals("::1");
	}

	/** Whether its host stands for any address, which nobody can connect to. */
	boolean isUnspecified() {
		try {
			// what has a colon is an address, so that no name server is asked
			return this.host.equals("0.0.0.0")
					|| (this.host.contains(":") && InetAddress.getByName(this.host).isAnyLocalAddress());
		}
		catch (UnknownHostException ex) {
			return false;
		}
	}

	@Override
	public String authority() {
		return (this.host.contains(":") ? "[" + this.host + "]" : this.host) + ":" + this.port;
	}

	@Override
	public String toString() {
		return (this.tls ? "https://" : "http://") + authority();
	}

}
