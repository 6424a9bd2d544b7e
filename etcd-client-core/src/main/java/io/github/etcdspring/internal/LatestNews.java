/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.internal;

import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;

/**
 * Tells users of the states that something passes through, without waiting for them: one
 * call at a time, in order, on their executor. States that come while a call is under way
 * are told in one, so that no more than two are held. Thread-safe.
 *
 * @param <S> the type of states
 */
public final class LatestNews<S> {

	private final Executor executor;

	private final BiConsumer<S, S> users;

	/** Guards the fields below; never held while users are told. */
	private final ReentrantLock lock = new ReentrantLock();

	private S told;

	private S latest;

	/** Whether a task tells, or is to. */
	private boolean telling;

	private boolean over;

	/**
	 * Begins with a state that is not told.
	 * @param executor where to tell
	 * @param first the state
	 * @param users takes the state told last, and the one that is now; throws nothing
	 */
	public LatestNews(Executor executor, S first, BiConsumer<S, S> users) {
		this.executor = executor;
		this.users = users;
		this.told = first;
		this.latest = first;
	}

	/**
	 * Takes the next state.
	 * @param next the state
	 */
	public void take(S next) {
		this.lock.lock();
		try {
			this.latest = next;
			if (this.telling || this.over) {
				return;
			}
			this.telling = true;
		}
		finally {
			this.lock.unlock();
		}
		this.executor.execute(this::tellAll);
	}

	private void tellAll() {
		while (true) {
			S previous;
			S current;
			this.lock.lock();
			try {
				previous = this.told;
				current = this.latest;
				this.told = current;
				this.telling = previous != current && !this.over;
				if (!this.telling) {
					return;
				}
			}
			finally {
				this.lock.unlock();
			}
			this.users.accept(previous, current);
		}
	}

	/** Tells nothing more, but for a call under way. */
	public void end() {
		this.lock.lock();
		try {
			this.over = true;
		}
		finally {
			this.lock.unlock();
		}
	}

}
