/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.cache;

import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

import io.github.etcdspring.KeyRange;
import io.github.etcdspring.watch.WatchEvent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a cache holds, and who is told of it, in the calling thread. One step at a time
 * changes the keys; meanwhile a read may move them to a later revision, at which they are
 * the same. Everybody may look.
 */
final class CacheContents {

	private static final Logger logger = LoggerFactory.getLogger(RangeCache.class);

	private final KeyRange range;

	private final List<RangeCacheListener> listeners;

	private final AtomicReference<RangeSnapshot> snapshot = new AtomicReference<>(RangeSnapshot.EMPTY);

	CacheContents(KeyRange range, List<RangeCacheListener> listeners) {
		this.range = range;
		this.listeners = listeners;
	}

	RangeSnapshot snapshot() {
		return this.snapshot.get();
	}

	/**
	 * Takes what was read, unless what is held has been confirmed at a later revision
	 * meanwhile.
	 * @param reset whether the store has another history: there are no later ones
	 */
	void replace(RangeSnapshot next, boolean reset) {
		RangeSnapshot previous = this.snapshot.get();
		boolean newer = reset || previous.revision() < next.revision();
		while (newer && !this.snapshot.compareAndSet(previous, next)) {
			previous = this.snapshot.get();
			newer = reset || previous.revision() < next.revision();
		}
		if (newer) {
			tell(previous, next);
		}
	}

	/** Takes what happened since; what was confirmed later is in it already. */
	void apply(List<WatchEvent> events) {
		RangeSnapshot previous = this.snapshot.get();
		RangeSnapshot next = previous.after(events);
		while (!this.snapshot.compareAndSet(previous, next)) {
			previous = this.snapshot.get();
			next = previous.after(events);
		}
		if (next != previous) {
			tell(previous, next);
		}
	}

	/**
	 * Takes the word that a snapshot is the same at a later revision.
	 * @return whether it is still what is held
	 */
	boolean confirm(RangeSnapshot asked, long revision) {
		return this.snapshot.compareAndSet(asked, asked.at(revision));
	}

	private void tell(RangeSnapshot previous, RangeSnapshot next) {
		for (RangeCacheListener listener : this.listeners) {
			try {
				listener.onChange(previous, next);
			}
			catch (Throwable ex) {
				// the cache goes on whatever its listeners do
				logger.error("listener of {} failed at revision {}", this.range, next.revision(), ex);
			}
		}
	}

}
