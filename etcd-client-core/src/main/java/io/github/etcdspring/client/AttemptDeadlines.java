/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

import io.github.etcdspring.Scheduler;
import io.github.etcdspring.Ticker;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends the attempts whose time is up. One timer serves all that are under way: it looks
 * at them once a second, or when the first one's time is up if that is sooner, and rests
 * while there are none. Thread-safe.
 */
final class AttemptDeadlines {

	/**
	 * Bounds how many looks are planned: one that is planned stays so when an earlier one
	 * is needed.
	 */
	private static final long LONGEST_WAIT = Duration.ofSeconds(1).toNanos();

	/** Between two looks, however many deadlines there are. */
	private static final long SHORTEST_WAIT = Duration.ofMillis(5).toNanos();

	private static final Logger logger = LoggerFactory.getLogger(AttemptDeadlines.class);

	private final Scheduler scheduler;

	private final Ticker ticker;

	private final Set<Timed> attempts = ConcurrentHashMap.newKeySet();

	/** Guards changes of the fields below. */
	private final ReentrantLock lock = new ReentrantLock();

	/** Written before it is planned, so that whoever finds it planned finds it new. */
	private volatile long lookNanos;

	private volatile boolean planned;

	AttemptDeadlines(Scheduler scheduler, Ticker ticker) {
		this.scheduler = scheduler;
		this.ticker = ticker;
	}

	/** Sees to it that an attempt ends. */
	void add(Timed attempt, long timeNanos) {
		long now = this.ticker.nanoTime();
		attempt.deadline(now + timeNanos);
		this.attempts.add(attempt);
		lookWithin(Math.min(timeNanos, LONGEST_WAIT), now);
	}

	void remove(Timed attempt) {
		this.attempts.remove(attempt);
	}

	private void lookWithin(long waitNanos, long now) {
		long at = now + waitNanos;
		if (isPlannedBy(at, now)) {
			return;
		}
		this.lock.lock();
		try {
			if (isPlannedBy(at, now)) {
				return;
			}
			this.lookNanos = at;
			this.planned = true;
		}
		finally {
			this.lock.unlock();
		}
		try {
			this.scheduler.schedule(() -> look(at), Duration.ofNanos(waitNanos));
		}
		catch (Throwable ex) {
			this.planned = false;
			throw ex;
		}
	}

	/** One that is long overdue has been lost. */
	private boolean isPlannedBy(long nanos, long now) {
		long planned = this.lookNanos;
		return this.planned && planned - nanos <= 0 && now - planned < LONGEST_WAIT;
	}

	private void look(long plannedNanos) {
		this.lock.lock();
		try {
			if (this.lookNanos != plannedNanos) {
				// another look was planned for an earlier time, and plans the next
				return;
			}
			this.planned = false;
		}
		finally {
			this.lock.unlock();
		}
		long now = this.ticker.nanoTime();
		long next = LONGEST_WAIT;
		List<Timed> late = new ArrayList<>();
		for (Timed attempt : this.attempts) {
			long left = attempt.deadlineNanos() - now;
			if (left <= 0) {
				late.add(attempt);
			}
			else {
				next = Math.min(next, left);
			}
		}
		late.forEach(this.attempts::remove);
		try {
			if (!this.attempts.isEmpty()) {
				lookWithin(Math.max(next, SHORTEST_WAIT), now);
			}
		}
		finally {
			late.forEach(AttemptDeadlines::expire);
		}
	}

	/** What fails here must not keep others from their end. */
	private static void expire(Timed attempt) {
		try {
			attempt.expire();
		}
		catch (Throwable ex) {
			logger.error("a call whose time is up could not be ended", ex);
		}
	}

	/** What ends when its time is up. */
	interface Timed {

		/** Keeps a time for {@link #deadlineNanos()}. */
		void deadline(long nanos);

		/** Returns the time that was given. */
		long deadlineNanos();

		/** The time is up. */
		void expire();

	}

}
