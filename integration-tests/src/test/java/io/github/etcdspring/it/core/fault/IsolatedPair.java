/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.core.fault;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;

import io.github.etcdspring.KeyRange;
import io.github.etcdspring.it.core.Party;
import io.github.etcdspring.lock.EtcdLock;
import io.github.etcdspring.session.Ownership;
import io.github.etcdspring.session.Session;

import static org.awaitility.Awaitility.await;

/**
 * One who holds a lock and leads, both on one lease, and can be cut off; and another who
 * waits for both. To be used by one thread.
 */
final class IsolatedPair implements AutoCloseable {

	private static final String LOCK = "-lock";

	private static final String ELECTION = "-election";

	private final String name;

	private final Party party;

	private final Session next;

	private final Ownership held;

	private final KeenCandidate leader;

	private final KeenCandidate nextLeader;

	private final AtomicLong told = new AtomicLong();

	private final AtomicLong nextHeld = new AtomicLong();

	/** When the lease ends, or a moment before; seen as long as it lives. */
	private long deadline;

	private IsolatedPair(Party party, Session next, String name) {
		this.name = name;
		this.party = party;
		this.next = next;
		this.held = party.lock(name + LOCK).acquireAsync().join();
		this.held.lost().thenAccept((reason) -> this.told.set(System.nanoTime()));
		this.leader = KeenCandidate.campaign(party.session(), name + ELECTION);
		await().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(5)).until(this.leader::leads);
		CompletableFuture<Ownership> hold = EtcdLock.of(next, name + LOCK).acquireAsync();
		hold.thenAccept((ownership) -> this.nextHeld.set(System.nanoTime()));
		this.nextLeader = KeenCandidate.campaign(next, name + ELECTION);
	}

	/** Returns two of which the first holds and leads. */
	static IsolatedPair stand(Party party, Session next, String name) {
		return new IsolatedPair(party, next, name);
	}

	/** Whether the second waits behind the first. */
	boolean isStanding() {
		return isWaiting(LOCK) && isWaiting(ELECTION);
	}

	private boolean isWaiting(String what) {
		return this.next.client().kv().get(KeyRange.prefix(this.name + what + "/")).count() == 2;
	}

	/** Whether the first has learnt that it neither holds nor leads. */
	boolean isOver() {
		long asked = System.nanoTime();
		long remaining = this.held.lease().remaining().toNanos();
		if (remaining > 0) {
			this.deadline = asked + remaining;
		}
		return remaining == 0 && this.told.get() != 0 && this.leader.last(false).isPresent();
	}

	/** Whether the second holds and leads. */
	boolean hasNext() {
		return this.nextHeld.get() != 0 && this.nextLeader.leads();
	}

	long toldAfterDeadline() {
		return this.told.get() - this.deadline;
	}

	long leaderToldAfterDeadline() {
		return this.leader.last(false).orElseThrow() - this.deadline;
	}

	long toldAheadOfNext() {
		return this.nextHeld.get() - this.told.get();
	}

	long leaderToldAheadOfNext() {
		return this.nextLeader.last(true).orElseThrow() - this.leader.last(false).orElseThrow();
	}

	/** What is wrong with both; empty if nothing is. */
	List<String> objections() {
		if (this.held.isHeld()) {
			return List.of("still held: " + this.held);
		}
		return KeenCandidate.objections(List.of(this.leader, this.nextLeader));
	}

	@Override
	public void close() {
		this.next.close();
		this.party.close();
	}

}
