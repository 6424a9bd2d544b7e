/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.time.Duration;
import java.util.Iterator;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

import io.github.etcdspring.Scheduler;

/**
 * Ends the attempts whose time is up. One timer serves all that are under way: it looks
 * at them four times a second, or when the first one's time is up if that is sooner, and
 * rests while there are none. Thread-safe.
 */
final class AttemptDeadlines {

	private static final long LONGEST_WAIT = Duration.ofMillis(250).toNanos();

	private final Scheduler scheduler;

	private final Set<UnaryAttempt<?, ?>> attempts = ConcurrentHashMap.newKeySet();

	/** Guards changes of the fields below. */
	private final ReentrantLock lock = new ReentrantLock();

	private volatile boolean planned;

	private volatile long lookNanos;

	AttemptDeadlines(Scheduler scheduler) {
		this.scheduler = scheduler;
	}

	/** Sees to it that an attempt ends. */
	void add(UnaryAttempt<?, ?> attempt, long timeNanos) {
		long now = System.nanoTime();
		attempt.deadline(now + timeNanos);
		this.attempts.add(attempt);
		lookWithin(Math.min(timeNanos, LONGEST_WAIT), now);
	}

	void remove(UnaryAttempt<?, ?> attempt) {
		this.attempts.remove(attempt);
	}

	private void lookWithin(long waitNanos, long now) {
		long at = now + waitNanos;
		if (this.planned && this.lookNanos - at <= 0) {
			return;
		}
		this.lock.lock();
		try {
			if (this.planned && this.lookNanos - at <= 0) {
				return;
			}
			this.planned = true;
			this.lookNanos = at;
		}
		finally {
			this.lock.unlock();
		}
		this.scheduler.schedule(() -> look(at), Duration.ofNanos(waitNanos));
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
		long now = System.nanoTime();
		long next = LONGEST_WAIT;
		for (Iterator<UnaryAttempt<?, ?>> each = this.attempts.iterator(); each.hasNext();) {
			UnaryAttempt<?, ?> attempt = each.next();
			long left = attempt.deadlineNanos() - now;
			if (left <= 0) {
				each.remove();
				attempt.expire();
			}
			else {
				next = Math.min(next, left);
			}
		}
		if (!this.attempts.isEmpty()) {
			lookWithin(next, now);
		}
	}

}
