/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.internal;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

import io.github.etcdspring.Ticker;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * Logs what others have written and cannot be used, each thing once for as long as it
 * stays as it is. Remembers a bounded number of them, those seen last, and logs no more
 * than that in an hour. Thread-safe.
 */
public final class Unusable {

	private static final int MOST = 1000;

	private static final Duration WHILE = Duration.ofHours(1);

	/** Names are chosen by others. */
	private static final int LONGEST = 64;

	private final Logger logger;

	private final String message;

	private final Ticker ticker;

	/** Guards the fields below. */
	private final ReentrantLock lock = new ReentrantLock();

	/** The state of each thing told of, that seen last at the end. */
	private final Map<Object, Object> told = new LinkedHashMap<>(16, 0.75f, true);

	/** How many were told of since. */
	private int number;

	private @Nullable Long sinceNanos;

	/**
	 * Begins with nothing told.
	 * @param logger takes the warnings
	 * @param message their text, with a place for the thing and one for the reason
	 * @param ticker tells the time
	 */
	public Unusable(Logger logger, String message, Ticker ticker) {
		this.logger = logger;
		this.message = message;
		this.ticker = ticker;
	}

	/**
	 * Tells of a thing, unless it was told of as it is.
	 * @param thing the thing; its text names it
	 * @param state how it is, such as the revision that wrote it
	 * @param reason why it cannot be used
	 */
	public void tell(Object thing, Object state, String reason) {
		int number = newsNumber(thing, state);
		if (number == MOST + 1) {
			this.logger.warn(this.message, "...", "more than " + MOST + " were told of, others are not for an hour");
		}
		else if (number > 0 && number <= MOST) {
			String name = thing.toString();
			this.logger.warn(this.message, (name.length() > LONGEST) ? name.substring(0, LONGEST) + "..." : name,
					reason);
		}
	}

	/** Returns how many things are news since an hour; 0 if this one is none. */
	private int newsNumber(Object thing, Object state) {
		this.lock.lock();
		try {
			if (state.equals(this.told.put(thing, state))) {
				return 0;
			}
			if (this.told.size() > MOST) {
				this.told.remove(this.told.keySet().iterator().next());
			}
			long now = this.ticker.nanoTime();
			if (this.sinceNanos == null || now - this.sinceNanos >= WHILE.toNanos()) {
				this.sinceNanos = now;
				this.number = 0;
			}
			return ++this.number;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Takes the word that a thing can be used, or is gone.
	 * @param thing the thing
	 */
	public void settled(Object thing) {
		this.lock.lock();
		try {
			this.told.remove(thing);
		}
		finally {
			this.lock.unlock();
		}
	}

}
