/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

import io.github.etcdspring.Ticker;
import org.jspecify.annotations.Nullable;

/**
 * When a token is to be replaced. Counted on the ticker from the moment the token came;
 * the wall clock is read once, then. If it is ahead of the server's clock, the token is
 * replaced sooner than needed; if it is behind, the server refuses the token first, and
 * the call that meets with that gets another.
 *
 * @param renewAtNanos when a fifth of its life is left
 * @param expiresAtNanos when nothing is left
 */
record TokenLife(long renewAtNanos, long expiresAtNanos) {

	/** So that no interval of the ticker overflows. */
	private static final Duration LONGEST = Duration.ofDays(365);

	/** Attempts to replace a token, before it expires. */
	private static final int TRIES = 4;

	/**
	 * Returns the life of a token that has just come.
	 * @return its life, {@code null} if that is not known or said to be over
	 */
	static @Nullable TokenLife of(AuthToken token, Ticker ticker, InstantSource wallClock) {
		Instant expiry = JwtExpiry.of(token.value());
		if (expiry == null) {
			return null;
		}
		Duration left = Duration.between(wallClock.instant(), expiry);
		if (left.isNegative() || left.isZero()) {
			return null;
		}
		long lifeNanos = ((left.compareTo(LONGEST) < 0) ? left : LONGEST).toNanos();
		long now = ticker.nanoTime();
		return new TokenLife(now + lifeNanos - lifeNanos / 5, now + lifeNanos);
	}

	boolean isDue(long now) {
		return now - this.renewAtNanos >= 0;
	}

	boolean isOver(long now) {
		return now - this.expiresAtNanos >= 0;
	}

	/** Returns this life after an attempt to replace the token: when the next is due. */
	TokenLife tried(long now) {
		long pause = Math.max(1, (this.expiresAtNanos - this.renewAtNanos) / TRIES);
		return new TokenLife(now + pause, this.expiresAtNanos);
	}

}
