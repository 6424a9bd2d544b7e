/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.internal;

import java.time.Duration;

import io.github.etcdspring.Backoff;
import io.github.etcdspring.Ticker;
import org.jspecify.annotations.Nullable;

/**
 * The failures in a row of what reads a range, follows it, and begins anew when either
 * fails. What has followed for longer than any pause has got over what failed before.
 * Written by one step at a time.
 */
public final class Setbacks {

	private static final Backoff BACKOFF = new Backoff(Duration.ofMillis(100), 2, Duration.ofSeconds(2), 0.5);

	/** Longer than any pause. */
	private static final Duration RECOVERY = Duration.ofSeconds(3);

	private final Ticker ticker;

	private volatile int number;

	/** {@code null} while nothing is followed. */
	private volatile @Nullable Long followingSinceNanos;

	/**
	 * Begins without a failure.
	 * @param ticker tells the time
	 */
	public Setbacks(Ticker ticker) {
		this.ticker = ticker;
	}

	/** Takes the word that the range is followed. */
	public void following() {
		this.followingSinceNanos = this.ticker.nanoTime();
	}

	/**
	 * Takes the word that it failed.
	 * @return the number of failures in a row, from 1
	 */
	public int add() {
		Long since = this.followingSinceNanos;
		boolean recovered = since != null && this.ticker.nanoTime() - since >= RECOVERY.toNanos();
		int number = recovered ? 1 : this.number + 1;
		this.number = number;
		this.followingSinceNanos = null;
		return number;
	}

	/**
	 * Returns how long to wait before it begins anew.
	 * @return the pause, at most 3 s
	 */
	public Duration pause() {
		return BACKOFF.delay(this.number);
	}

}
