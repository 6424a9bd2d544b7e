/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * Which renewals may be under way together: all, as a rule. etcd ends the whole stream
 * when it refuses to renew one lease, and does not say which. Those that were under way
 * then are suspects: until one of them has ended the stream alone, each renewal waits for
 * the answer to the one before. A lease that was refused so is from then on renewed while
 * no other is, so that it takes none along. Confined to the stream's context.
 */
final class RenewalTurns {

	private final Set<LeaseKeeper> underWay = new HashSet<>();

	private final Set<LeaseKeeper> suspects = new HashSet<>();

	private final Deque<LeaseKeeper> waiting = new ArrayDeque<>();

	private final Deque<LeaseKeeper> refusedWaiting = new ArrayDeque<>();

	/**
	 * Takes a renewal that is due.
	 * @return whether it may be sent now; else it comes with {@link #next()}
	 */
	boolean begin(LeaseKeeper keeper) {
		if (this.underWay.isEmpty() || (!keeper.isRefused() && mayBeTogether())) {
			this.underWay.add(keeper);
			return true;
		}
		keeper.await(true);
		(keeper.isRefused() ? this.refusedWaiting : this.waiting).add(keeper);
		return false;
	}

	private boolean mayBeTogether() {
		return this.suspects.isEmpty() && this.refusedWaiting.isEmpty() && !isRefusedUnderWay();
	}

	/** It is alone then. */
	private boolean isRefusedUnderWay() {
		return this.underWay.size() == 1 && this.underWay.iterator().next().isRefused();
	}

	/** Takes the word that a renewal is answered, or its lease is over. */
	void ended(LeaseKeeper keeper) {
		this.underWay.remove(keeper);
		this.suspects.remove(keeper);
		if (keeper.isWaiting()) {
			keeper.await(false);
			this.waiting.remove(keeper);
			this.refusedWaiting.remove(keeper);
		}
	}

	/**
	 * Returns a renewal whose turn has come; to be called until there is none.
	 * @return what to send, and is under way now; {@code null} if nothing
	 */
	@Nullable LeaseKeeper next() {
		if (!this.underWay.isEmpty() && !mayBeTogether()) {
			return null;
		}
		boolean refusedFirst = this.suspects.isEmpty();
		LeaseKeeper next = refusedFirst ? this.refusedWaiting.poll() : this.waiting.poll();
		if (next == null) {
			next = refusedFirst ? this.waiting.poll() : this.refusedWaiting.poll();
		}
		if (next != null) {
			next.await(false);
			this.underWay.add(next);
		}
		return next;
	}

	/**
	 * Takes the word that the stream ended.
	 * @param refusal whether a member refused something, rather than the connection broke
	 */
	void streamLost(boolean refusal) {
		if (refusal && this.underWay.size() == 1) {
			this.underWay.iterator().next().refused();
			this.suspects.clear();
		}
		else if (refusal) {
			this.suspects.addAll(this.underWay);
		}
		this.underWay.clear();
		this.waiting.forEach((keeper) -> keeper.await(false));
		this.waiting.clear();
		this.refusedWaiting.forEach((keeper) -> keeper.await(false));
		this.refusedWaiting.clear();
	}

}
