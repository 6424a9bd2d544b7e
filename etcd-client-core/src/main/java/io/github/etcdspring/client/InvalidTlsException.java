/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import org.jspecify.annotations.Nullable;

/**
 * Certificates or keys that cannot be used. Names the file and the rule, never a
 * password.
 *
 * @serial exclude
 */
public final class InvalidTlsException extends IllegalArgumentException {

	private static final long serialVersionUID = 1L;

	private final String source;

	private final String reason;

	InvalidTlsException(Object source, String reason, String expected, @Nullable Throwable cause) {
		super("invalid TLS material " + source + ": " + reason + " (expected: " + expected + ")", cause);
		this.source = source.toString();
		this.reason = reason;
	}

	InvalidTlsException(Object source, String reason, String expected) {
		this(source, reason, expected, null);
	}

	/**
	 * Returns what the certificates or keys come from.
	 * @return the path of a file, or a description
	 */
	public String source() {
		return this.source;
	}

	/**
	 * Returns what is wrong with it.
	 * @return the rule that it breaks
	 */
	public String reason() {
		return this.reason;
	}

}
