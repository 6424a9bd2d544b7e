/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Whether one member answers the calls it gets. It is silent when a call has waited for a
 * while and nothing at all has come from the member since; and for some time after such
 * calls were given up, unless something comes. Thread-safe without locks: a race can make
 * it a little late, and no harm comes of that.
 */
final class MemberSilence {

	/** Longer than a healthy member takes, shorter than anybody wants to wait. */
	private static final long LIMIT = Duration.ofSeconds(1).toNanos();

	/** How long a member is passed over whose calls were given up. */
	private static final long MEMORY = Duration.ofSeconds(5).toNanos();

	private final AtomicInteger unanswered = new AtomicInteger();

	/** Since when nothing has come while a call waited. */
	private volatile long waitingSinceNanos;

	private volatile boolean givenUp;

	private volatile long givenUpAtNanos;

	/** A call was sent that is answered soon, as a rule. */
	void sent(long nowNanos) {
		if (this.unanswered.getAndIncrement() == 0) {
			this.waitingSinceNanos = nowNanos;
		}
	}

	/** Something came from the member. */
	void heard(long nowNanos) {
		this.waitingSinceNanos = nowNanos;
		this.givenUp = false;
	}

	/** A call that was sent has ended. */
	void ended(long nowNanos, boolean answered) {
		this.unanswered.getAndDecrement();
		if (!answered && isOverdue(nowNanos)) {
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
