/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.internal;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

import org.slf4j.Logger;

/**
 * Logs what others have written and cannot be used, each thing once for as long as it
 * stays as it is. Knows a bounded number of them, and logs none beyond. Thread-safe.
 */
public final class Unusable {

	private static final int MOST = 1000;

	/** Names are chosen by others. */
	private static final int LONGEST = 64;

	private final Logger logger;

	private final String message;

	/** The state of each thing told of. */
	private final Map<Object, Object> told = new ConcurrentHashMap<>();

	private final AtomicBoolean full = new AtomicBoolean();

	/**
	 * Begins with nothing told.
	 * @param logger takes the warnings
	 * @param message their text, with a place for the thing and one for the reason
	 */
	public Unusable(Logger logger, String message) {
		this.logger = logger;
		this.message = message;
	}

	/**
	 * Tells of a thing, unless it was told of as it is.
	 * @param thing the thing; its text names it
	 * @param state how it is, such as the revision that wrote it
	 * @param reason why it cannot be used
	 */
	public void tell(Object thing, Object state, String reason) {
		if (!this.told.containsKey(thing) && this.told.size() >= MOST) {
			if (this.full.compareAndSet(false, true)) {
				this.logger.warn(this.message, "...", "more than " + MOST + " are told of already");
			}
		}
		else if (!state.equals(this.told.put(thing, state))) {
			String name = thing.toString();
			this.logger.warn(this.message, (name.length() > LONGEST) ? name.substring(0, LONGEST) + "..." : name,
					reason);
		}
	}

	/**
	 * Takes the word that a thing can be used, or is gone.
	 * @param thing the thing
	 */
	public void settled(Object thing) {
		if (this.told.remove(thing) != null) {
			this.full.set(false);
		}
	}

}
