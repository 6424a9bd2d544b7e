/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Whether one member answers the calls it gets. It is silent when calls have waited for a
 * while, one or several after each other, and nothing at all has come from the member
 * meanwhile; and for some time after such calls were given up, unless something comes.
 * Thread-safe without locks: a race can make it a little late, and no harm comes of that.
 */
final class MemberSilence {

	/** Longer than a healthy member takes, shorter than anybody wants to wait. */
	private static final long LIMIT = Duration.ofSeconds(1).toNanos();

	/** How long a member is passed over whose calls were given up. */
	private static final long MEMORY = Duration.ofSeconds(5).toNanos();

	private final AtomicInteger unanswered = new AtomicInteger();

	/** Since when nothing has come while a call waited, times between calls left out. */
	private volatile long waitingSinceNanos;

	/** How long calls that are given up by now waited in vain, since something came. */
	private volatile long waitedNanos;

	private volatile boolean givenUp;

	private volatile long givenUpAtNanos;

	/** A call was sent that is answered soon, as a rule. */
	void sent(long nowNanos) {
		if (this.unanswered.getAndIncrement() == 0) {
			this.waitingSinceNanos = nowNanos - this.waitedNanos;
		}
	}

	/** Something came from the member. */
	void heard(long nowNanos) {
		this.waitedNanos = 0;
		this.waitingSinceNanos = nowNanos;
		this.givenUp = false;
	}

	/** A call that was sent has ended. */
	void ended(long nowNanos, boolean answered) {
		boolean last = this.unanswered.decrementAndGet() == 0;
		if (answered) {
			return;
		}
		if (last) {
			this.waitedNanos = nowNanos - this.waitingSinceNanos;
		}
		if (isOverdue(nowNanos)) {
			this.givenUpAtNanos = nowNanos;
			this.givenUp = true;
		}
	}

	boolean isSilent(long nowNanos) {
		return (this.unanswered.get() > 0 && isOverdue(nowNanos))
				|| (this.givenUp && nowNanos - this.givenUpAtNanos < MEMORY);
	}

	private boolean isOverdue(long nowNanos) {
		return nowNanos - this.waitingSinceNanos > LIMIT;
	}

}
