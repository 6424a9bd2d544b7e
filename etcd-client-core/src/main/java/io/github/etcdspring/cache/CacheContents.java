/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.cache;

import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;

import io.github.etcdspring.KeyRange;
import io.github.etcdspring.internal.LatestNews;
import io.github.etcdspring.internal.OwnSteps;
import io.github.etcdspring.watch.WatchEvent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a cache holds, and who is told of it. One step at a time changes the keys;
 * meanwhile a read may move them to a later revision, at which they are the same.
 * Everybody may look.
 */
final class CacheContents {

	private static final Logger logger = LoggerFactory.getLogger(RangeCache.class);

	private final KeyRange range;

	/** Told by the step that changes the keys. */
	private final List<RangeCacheListener> own;

	private final List<RangeCacheListener> listeners;

	private final AtomicReference<RangeSnapshot> snapshot = new AtomicReference<>(RangeSnapshot.EMPTY);

	private final LatestNews<RangeSnapshot> news;

	/** Whether the range is to be read anew before this is relied on. */
	private volatile boolean doubtful;

	CacheContents(KeyRange range, List<RangeCacheListener> listeners, Executor users) {
		this.range = range;
		this.own = listeners.stream().filter(OwnSteps.Listener.class::isInstance).toList();
		this.listeners = listeners.stream().filter((listener) -> !this.own.contains(listener)).toList();
		this.news = new LatestNews<>(users, RangeSnapshot.EMPTY,
				(previous, current) -> tell(this.listeners, previous, current));
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
			this.doubtful = false;
			tellAll(previous, next);
		}
	}

	/**
	 * Takes what happened since, unless it contradicts a read that has confirmed a later
	 * revision. Then a key is about to come and go unseen, or the store was put back and
	 * has grown beyond that revision: which, only another read of the range can tell.
	 * @return whether it was taken; if not, what is held is in doubt from here on
	 */
	boolean apply(List<WatchEvent> events) {
		RangeSnapshot previous;
		RangeSnapshot next;
		do {
			previous = this.snapshot.get();
			if (contradicts(events, previous)) {
				this.doubtful = true;
				return false;
			}
			next = previous.after(events);
		}
		while (!this.snapshot.compareAndSet(previous, next));
		if (next != previous) {
			tellAll(previous, next);
		}
		return true;
	}

	private static boolean contradicts(List<WatchEvent> events, RangeSnapshot held) {
		if (events.get(0).revision() > held.revision()) {
			return false;
		}
		List<WatchEvent> confirmed = events.stream().filter((event) -> event.revision() <= held.revision()).toList();
		RangeSnapshot before = held.at(confirmed.get(0).revision() - 1);
		return !before.after(confirmed).kvs().equals(held.kvs());
	}

	/** Returns what is held; the empty snapshot while that is in doubt. */
	RangeSnapshot reliable() {
		RangeSnapshot now = snapshot();
		return this.doubtful ? RangeSnapshot.EMPTY : now;
	}

	private void tellAll(RangeSnapshot previous, RangeSnapshot next) {
		tell(this.own, previous, next);
		if (!this.listeners.isEmpty()) {
			this.news.take(next);
		}
	}

	/**
	 * Takes the word that a snapshot is the same at a later revision.
	 * @return whether it is still what is held
	 */
	boolean confirm(RangeSnapshot asked, long revision) {
		return !this.doubtful && this.snapshot.compareAndSet(asked, asked.at(revision));
	}

	/** Tells nobody any more. */
	void close() {
		this.news.end();
	}

	private void tell(List<RangeCacheListener> listeners, RangeSnapshot previous, RangeSnapshot next) {
		for (RangeCacheListener listener : listeners) {
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
