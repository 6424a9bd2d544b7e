/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

/**
 * A version of TLS.
 */
public enum TlsProtocol {

	/** TLS 1.2. */
	TLS_1_2("TLSv1.2"),

	/** TLS 1.3. */
	TLS_1_3("TLSv1.3");

	private final String name;

	TlsProtocol(String name) {
		this.name = name;
	}

	/**
	 * Returns whether a connection may speak a protocol.
	 * @param protocol its name as the JDK calls it
	 */
	boolean permits(String protocol) {
		return protocol.equals(TLS_1_3.name) || (this == TLS_1_2 && protocol.equals(TLS_1_2.name));
	}

	/** Returns the name that the JDK uses, such as {@code TLSv1.2}. */
	@Override
	public String toString() {
		return this.name;
	}

}
