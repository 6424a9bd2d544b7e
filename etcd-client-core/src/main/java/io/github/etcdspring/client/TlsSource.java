/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

/**
 * Where one half of what TLS needs comes from: whom to trust, or who the client is.
 * Thread-safe.
 *
 * @param <M> the JDK's trust or key manager
 */
interface TlsSource<M> {

	/**
	 * Returns what tells one state of the source from another. Called for each new
	 * connection, on its thread.
	 * @return an object that equals the one before while nothing has changed
	 */
	Object version();

	/**
	 * Reads the source.
	 * @throws InvalidTlsException if it is of no use
	 */
	M load();

	/** Names the source, without secrets. */
	@Override
	String toString();

}
