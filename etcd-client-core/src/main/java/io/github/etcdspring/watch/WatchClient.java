/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.watch;

import java.util.concurrent.CompletableFuture;

import io.github.etcdspring.EtcdException;

/**
 * etcd's Watch service. All watches of a client share one stream, which asks for a member
 * that has a leader. Thread-safe.
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

}
