/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.time.Duration;

import io.github.etcdspring.Backoff;
import io.github.etcdspring.Ticker;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * The losses of a stream that follow on one another: how long to wait after each, and
 * what to log of them. A stream that was of use for a while ends the row; one that breaks
 * as soon as it works does not. Confined to the stream's context.
 */
final class StreamLosses {

	/** Between tries of a stream, and of what it waits for. */
	static final Backoff BACKOFF = new Backoff(Duration.ofMillis(50), 1.6, Duration.ofSeconds(1), 0.2);

	/** Of use for so long, a stream has worked. */
	private static final Duration STEADY = Duration.ofSeconds(1);

	private static final Logger logger = LoggerFactory.getLogger(StreamLosses.class);

	private final String stream;

	private final Ticker ticker;

	private int count;

	/** The gravest that has been logged of the row. */
	private @Nullable Level logged;

	private boolean returnLogged;

	private boolean useful;

	private long usefulSinceNanos;

	StreamLosses(String stream, Ticker ticker) {
		this.stream = stream;
		this.ticker = ticker;
	}

	/** Takes the word that the stream was opened anew. */
	void opened() {
		this.useful = false;
	}

	/** Takes the word that the stream does its work. */
	void useful() {
		if (this.useful) {
			return;
		}
		this.useful = true;
		this.usefulSinceNanos = this.ticker.nanoTime();
		if (this.logged != null && !this.returnLogged) {
			this.returnLogged = true;
			logger.info("{} stream works again after {} failed tries", this.stream, this.count);
		}
	}

	/** Takes the end of the stream; one that worked begins a new row. */
	void ended() {
		if (this.useful && this.ticker.nanoTime() - this.usefulSinceNanos >= STEADY.toNanos()) {
			this.count = 0;
			this.logged = null;
			this.returnLogged = false;
		}
		this.useful = false;
	}

	/** Whether the next loss is the first of a row. */
	boolean isNone() {
		return this.count == 0;
	}

	/** Counts a loss of which nothing need be logged: the next try comes at once. */
	void add() {
		this.count++;
	}

	/**
	 * Counts a loss.
	 * @param mayPass whether the next try may go better without anybody's doing
	 * @return how long to wait before it
	 */
	Duration add(String reason, boolean mayPass) {
		add();
		Level level = mayPass ? Level.INFO : Level.WARN;
		if (this.logged == null || level.toInt() > this.logged.toInt()) {
			this.logged = level;
			logger.atLevel(level).log("{} stream lost, opening it again: {}", this.stream, reason);
		}
		else {
			logger.debug("{} stream lost again ({} times): {}", this.stream, this.count, reason);
		}
		return BACKOFF.delay(this.count);
	}

}
