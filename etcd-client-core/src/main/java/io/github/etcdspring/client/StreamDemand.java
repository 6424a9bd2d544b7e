/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

/**
 * What a subscriber has asked for and has not got: still to be asked of the server, asked
 * and not come, come and not taken. The latter two are bounded. Confined to the context
 * of its subscription.
 */
final class StreamDemand {

	private final int ahead;

	private long unasked;

	private int awaited;

	private int undelivered;

	/**
	 * Begins without demand.
	 * @param ahead how many items may be on their way to the subscriber
	 */
	StreamDemand(int ahead) {
		this.ahead = ahead;
	}

	/** Adds what the subscriber asks for, above 0. */
	void add(long n) {
		long sum = this.unasked + n;
		this.unasked = (sum < 0) ? Long.MAX_VALUE : sum;
	}

	/** Returns how many items to ask for now; they are awaited from here on. */
	int ask() {
		int more = (int) Math.min(this.unasked, this.ahead - this.awaited - this.undelivered);
		if (more <= 0) {
			return 0;
		}
		this.unasked -= more;
		this.awaited += more;
		return more;
	}

	int awaited() {
		return this.awaited;
	}

	/** Takes the word that an item has come. */
	void came() {
		this.awaited--;
		this.undelivered++;
	}

	/** Takes the word that the subscriber has taken an item. */
	void delivered() {
		this.undelivered--;
	}

	static IllegalArgumentException notAboveZero(long n) {
		return new IllegalArgumentException("n: " + n + " (expected: above zero)");
	}

}
