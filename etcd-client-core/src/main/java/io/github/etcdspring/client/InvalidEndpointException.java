/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

/**
 * An endpoint that is not one. Carries the text, without a user name or password that
 * stood in it.
 *
 * @serial exclude
 */
public final class InvalidEndpointException extends IllegalArgumentException {

	private static final long serialVersionUID = 1L;

	private final String endpoint;

	private final String reason;

	InvalidEndpointException(String endpoint, String reason) {
		super("invalid endpoint '" + mask(endpoint) + "': " + reason
				+ " (expected: http://host:port, https://host:port, host:port, unix:path or unixs:path)");
		this.endpoint = mask(endpoint);
		this.reason = reason;
	}

	private static String mask(String endpoint) {
		int at = endpoint.lastIndexOf('@');
		if (at < 0) {
			return endpoint;
		}
		int scheme = endpoint.indexOf("://");
		return ((scheme >= 0 && scheme < at) ? endpoint.substring(0, scheme + 3) : "") + "***" + endpoint.substring(at);
	}

	/**
	 * Returns the endpoint as it was given.
	 * @return the text, its user name and password replaced by asterisks
	 */
	public String endpoint() {
		return this.endpoint;
	}

	/**
	 * Returns what is wrong with it.
	 * @return the rule that it breaks
	 */
	public String reason() {
		return this.reason;
	}

}
