/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.watch;

import java.util.List;

import io.github.etcdspring.EtcdException;
import org.jspecify.annotations.Nullable;

/**
 * What a watch tells. Calls come one at a time, in order, on the client's callback
 * executor; they may block. While one does, further events wait in a buffer of bounded
 * size, and when that is full on the server, so none is lost and no other watch is
 * delayed. An exception thrown here is logged, and the watch goes on.
 */
public interface WatchListener {

	/**
	 * Takes events: never empty, in revision order, all events of a revision together,
	 * each event once.
	 * @param events the events; immutable
	 */
	void onEvents(List<WatchEvent> events);

	/**
	 * Takes the word that all events up to a revision have been delivered. Comes at the
	 * server's pace, by default every ten minutes when nothing happens.
	 * @param revision the revision
	 */
	default void onProgress(long revision) {
	}

	/**
	 * Takes the word that the connection is lost. Events may now be late; none is lost.
	 */
	default void onDisconnected() {
	}

	/**
	 * Takes the word that the server watches again, after {@link #onDisconnected()}.
	 */
	default void onResumed() {
	}

	/**
	 * Takes the end of the watch. Called once, last.
	 * @param cause why it ended; {@code null} if the watch or its client was closed. A
	 * {@link io.github.etcdspring.CompactedException} names the lowest revision that a
	 * new watch can start from: read the present state first
	 */
	default void onClosed(@Nullable EtcdException cause) {
	}

}
