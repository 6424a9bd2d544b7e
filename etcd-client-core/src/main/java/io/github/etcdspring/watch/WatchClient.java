/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.watch;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;

import io.github.etcdspring.EtcdException;

/**
 * etcd's Watch service. All watches of a client share one stream, which asks for a member
 * that has a leader; those that {@linkplain WatchRequest#withoutRequireLeader() do not}
 * share another. A listener, a publisher and an iterator are three ways to have the same
 * watch. Thread-safe.
 */
public interface WatchClient {

	/**
	 * Opens a watch. A watch that starts "now" sees every event after this method has
	 * returned; it fixes its place with one linearizable read.
	 * @param request what to watch, and from where
	 * @param listener what to tell; called on the client's callback executor, one call at
	 * a time, never on a thread that serves the connection
	 * @return the open watch
	 * @throws EtcdException if the place of a watch from now could not be fixed
	 */
	Watch open(WatchRequest request, WatchListener listener);

	/**
	 * Opens a watch: the asynchronous form of {@link #open(WatchRequest, WatchListener)}.
	 * @param request what to watch, and from where
	 * @param listener what to tell
	 * @return the future watch; cancelling it before it completes opens none
	 */
	CompletableFuture<Watch> openAsync(WatchRequest request, WatchListener listener);

	/**
	 * Returns watches as a publisher. Each subscription opens a watch of its own, which
	 * ends when it is cancelled; one from now sees every event from some moment after
	 * {@code onSubscribe} on. A subscriber is handed no more batches than it requests:
	 * what comes meanwhile waits in the watch's bounded buffer, and when that is full on
	 * the server. It is called on the client's callback executor. There is no
	 * {@code onComplete}: a watch that ends fails, with an
	 * {@link io.github.etcdspring.EtcdClosedException} when the client is closed. A
	 * subscriber that throws is logged and called no more.
	 * @param request what to watch, and from where
	 * @return a publisher of batches in order, each event once
	 */
	Flow.Publisher<WatchBatch> publisher(WatchRequest request);

	/**
	 * Opens a watch to be read batch by batch.
	 * @param request what to watch, and from where
	 * @return an iterator to close
	 * @throws EtcdException if the place of a watch from now could not be fixed
	 */
	WatchIterator iterator(WatchRequest request);

	/**
	 * Opens a watch to be read batch by batch: the asynchronous form of
	 * {@link #iterator(WatchRequest)}.
	 * @param request what to watch, and from where
	 * @return the future iterator; cancelling it before it completes opens no watch
	 */
	CompletableFuture<WatchIterator> iteratorAsync(WatchRequest request);

}
