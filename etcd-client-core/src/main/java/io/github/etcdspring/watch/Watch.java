/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.watch;

/**
 * An open watch. It survives lost connections, lost members and elections: it goes on
 * after the last revision it delivered. It ends when it is closed, when its client is,
 * when the history it needs is compacted, when it is not permitted, or when events come
 * that are larger than the client accepts: for it or for another watch of the client,
 * since they share a stream. Thread-safe.
 */
public interface Watch extends AutoCloseable {

	/**
	 * Whether the watch has not ended.
	 * @return whether more events may come
	 */
	boolean isOpen();

	/**
	 * Ends the watch. What is queued for the listener is dropped; a call under way, or
	 * about to begin, is not waited for, and after it only the one comes that says the
	 * watch is closed. Idempotent.
	 */
	@Override
	void close();

}
