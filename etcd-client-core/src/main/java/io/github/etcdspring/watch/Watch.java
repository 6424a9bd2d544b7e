/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.watch;

import java.util.concurrent.CompletableFuture;

import io.github.etcdspring.EtcdException;

/**
 * An open watch. It survives lost connections, lost members and elections: it goes on
 * after the last revision it delivered. It ends when it is closed, when its client is,
 * when its listener fails and does not go on, or when the server refuses it, as for a
 * user who may not read its range. When events are lost for good, since the history it
 * needs is compacted or the cluster was put back to a backup, it ends, or reads its range
 * {@linkplain WatchRequest#withRelist() anew}. Thread-safe.
 */
public interface Watch extends AutoCloseable {

	/**
	 * Whether the watch has not ended.
	 * @return whether more events may come
	 */
	boolean isOpen();

	/**
	 * Asks the server how far the watch is: etcd's {@code WatchProgressRequest}. It
	 * answers only when every watch that shares the stream is up to date, so it is asked
	 * again every 100 ms until it does, or the client's request timeout has passed. Not
	 * to be called by the watch's own listener, which it waits for.
	 * <p>
	 * Before etcd 3.4.25 and 3.5.8 the answer may be ahead of events that are still to
	 * come.
	 * @return a revision up to which the listener has been told every event; it may be
	 * behind that of the latest write that was acknowledged
	 * @throws EtcdException if the watch has ended or ends, with its reason; an
	 * {@link io.github.etcdspring.EtcdTimeoutException} if no answer came in time, which
	 * is no fault of the watch
	 */
	long progress();

	/**
	 * Asks the server how far the watch is: the asynchronous form of {@link #progress()}.
	 * @return the future revision; completes on the client's callback executor
	 */
	CompletableFuture<Long> progressAsync();

	/**
	 * Ends the watch. What is queued for the listener is dropped; a call under way, or
	 * about to begin, is not waited for, and after it only the one comes that says the
	 * watch is closed. Idempotent.
	 */
	@Override
	void close();

}
