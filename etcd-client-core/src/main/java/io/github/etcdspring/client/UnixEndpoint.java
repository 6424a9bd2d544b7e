/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/**
 * A member that listens on a unix domain socket of this machine.
 *
 * @param tls whether to speak TLS to it
 * @param path the socket's path, which may be relative to the working directory
 */
record UnixEndpoint(boolean tls, String path) implements Endpoint {

	private static final Pattern SCHEME = Pattern.compile("unixs?:.*", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

	/** What may stand in the name of a host and its port. */
	private static final Pattern SERVER_NAME = Pattern.compile("[A-Za-z0-9._~:-]+");

	/** The kernel's limit: 108 with the zero at the end. */
	private static final int MOST_BYTES = 107;

	static boolean isUnix(String text) {
		return SCHEME.matcher(text).matches();
	}

	/**
	 * Reads {@code unix:path}, {@code unix://path}, both relative or absolute, and the
	 * same with {@code unixs}.
	 * @param text as it was given, for messages
	 */
	static UnixEndpoint parse(String text, String trimmed) {
		int colon = trimmed.indexOf(':');
		String rest = trimmed.substring(colon + 1);
		String path = rest.startsWith("//") ? rest.substring(2) : rest;
		UnixEndpoint endpoint = new UnixEndpoint(colon == "unixs".length(), path);
		if (path.isEmpty() || path.endsWith("/")) {
			throw new InvalidEndpointException(text, "its path names no socket");
		}
		if (path.getBytes(StandardCharsets.UTF_8).length > MOST_BYTES) {
			throw new InvalidEndpointException(text,
					"its path is longer than the " + MOST_BYTES + " bytes a unix socket may have");
		}
		if (!SERVER_NAME.matcher(endpoint.authority()).matches()) {
			throw new InvalidEndpointException(text,
					"its file name can be no server name; letters, digits and ._~:- can");
		}
		return endpoint;
	}

	@Override
	public boolean isLocal() {
		return true;
	}

	/** The last segment of the path, with the port that etcd's own names have. */
	@Override
	public String authority() {
		return this.path.substring(this.path.lastIndexOf('/') + 1);
	}

	@Override
	public String toString() {
		return (this.tls ? "unixs:" : "unix:") + (this.path.startsWith("/") ? "//" : "") + this.path;
	}

}
