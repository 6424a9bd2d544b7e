/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.watch;

/**
 * An open watch. It survives lost connections, lost members and elections: it goes on
 * after the last revision it delivered. It ends when it is closed, when its client is,
 * when the history it needs is compacted, or when it is not permitted. Thread-safe.
 */
public interface Watch extends AutoCloseable {

	/**
	 * Whether the watch has not ended.
	 * @return whether more events may come
	 */
	boolean isOpen();

	/**
	 * Ends the watch. No call of the listener begins after this returns, but for the one
	 * that says it is closed. Idempotent; does not wait for a call under way.
	 */
	@Override
	void close();

}
