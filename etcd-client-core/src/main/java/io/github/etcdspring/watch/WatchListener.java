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
 * delayed. An exception thrown here is logged; {@link #goesOnAfter} says what becomes of
 * the watch.
 */
public interface WatchListener {

	/**
	 * Takes events: never empty, in revision order, all events of a revision together,
	 * each event once.
	 * @param events the events; immutable
	 */
	void onEvents(List<WatchEvent> events);

	/**
	 * Takes the range as it is, in place of events that are lost for good: what was known
	 * of it before is void. Events after its revision follow. Only of a watch
	 * {@linkplain WatchRequest#withRelist() that asks for it}.
	 * @param snapshot the keys and the revision at which they were read
	 */
	default void onSnapshot(WatchBatch.Snapshot snapshot) {
		throw new UnsupportedOperationException(
				getClass().getName() + " takes no snapshots (expected: onSnapshot is overridden, or no withRelist())");
	}

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
	 * Says what becomes of the watch when a method of this listener has thrown, other
	 * than {@link #onClosed} and this one. What it threw for is not told again. By
	 * default the watch goes on.
	 * @param failure what was thrown
	 * @return whether the watch goes on; if not, it ends with a
	 * {@link io.github.etcdspring.ListenerFailedException}
	 */
	default boolean goesOnAfter(Throwable failure) {
		return true;
	}

	/**
	 * Takes the end of the watch. Called once, last.
	 * @param cause why it ended; {@code null} if the watch or its client was closed. A
	 * {@link io.github.etcdspring.CompactedException} names the lowest revision that a
	 * new watch can start from, and a {@link io.github.etcdspring.HistoryResetException}
	 * says that the cluster was put back: read the present state first
	 */
	default void onClosed(@Nullable EtcdException cause) {
	}

}
