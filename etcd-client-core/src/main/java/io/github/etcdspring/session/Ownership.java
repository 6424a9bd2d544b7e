/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.session;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;

import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.EtcdException;
import io.github.etcdspring.KeyRange;
import io.github.etcdspring.internal.BlockingCall;
import io.github.etcdspring.kv.Compare;
import io.github.etcdspring.lease.KeepAlive;
import io.github.etcdspring.lease.LeaseEnd;

/**
 * A place at the head of a queue: what a lock, a permit or a leadership rests on. It
 * lasts until it is released or its lease is lost, whichever comes first.
 * <p>
 * Not guaranteed: that two owners never act at the same time. A process may be paused
 * between asking {@link #isHeld()} and acting. What must not happen twice carries the
 * token to where it is written, and is refused there if a higher one has been seen: in
 * etcd by adding {@link #guard()} to the transaction. Thread-safe.
 */
public final class Ownership {

	private final ByteSequence key;

	private final long token;

	private final KeepAlive lease;

	private final QueueEntry entry;

	private final AtomicBoolean released = new AtomicBoolean();

	Ownership(ByteSequence key, long token, KeepAlive lease, QueueEntry entry) {
		this.key = key;
		this.token = token;
		this.lease = lease;
		this.entry = entry;
	}

	/**
	 * Returns the key that stands for this owner.
	 * @return the prefix followed by the lease's id, or what the owner chose
	 */
	public ByteSequence key() {
		return this.key;
	}

	/**
	 * Returns the fencing token: a number greater than that of every owner before.
	 * @return the revision that created the key
	 */
	public long token() {
		return this.token;
	}

	/**
	 * Returns the lease the key is attached to.
	 * @return the lease, kept alive by the session
	 */
	public KeepAlive lease() {
		return this.lease;
	}

	/**
	 * Whether the place is held now, as far as can be known. Once {@code false}, always
	 * {@code false}; and {@code false} before the server can have given the place to
	 * another because the lease ran out.
	 * @return whether it has neither been released nor its lease lost
	 */
	public boolean isHeld() {
		return !this.released.get() && this.lease.isAlive();
	}

	/**
	 * Returns the condition that makes a transaction fail once the place is lost.
	 * @return that the key is still the one this owner created
	 */
	public Compare guard() {
		return Compare.createRevision(KeyRange.key(this.key), Compare.Relation.EQUAL, this.token);
	}

	/**
	 * Returns the loss of the lease.
	 * @return a stage that completes with the reason, on the client's callback executor;
	 * never, once the place has been given up
	 */
	public CompletionStage<LeaseEnd> lost() {
		return this.entry.lost();
	}

	/**
	 * Gives the place to the next in the queue, and waits for that: see
	 * {@link #releaseAsync()}. An interrupt does not end the wait.
	 * @return whether the place was held until then; {@code false} if it had been lost
	 * @throws EtcdException if etcd refuses to delete the key, as without permission
	 */
	public boolean release() {
		return BlockingCall.awaitUninterruptibly(releaseAsync());
	}

	/**
	 * Gives the place to the next in the queue. Goes on trying while etcd cannot be
	 * reached, or refuses, and the lease lives; after that the place is free anyway.
	 * @return a future that completes when the key is gone: with {@code true} if it was
	 * deleted by this call or an earlier one, with {@code false} if it had been lost.
	 * Fails with the first refusal, such as that of a permission
	 */
	public CompletableFuture<Boolean> releaseAsync() {
		if (this.released.compareAndSet(false, true)) {
			this.entry.remove();
		}
		return this.entry.removal().toldToUser();
	}

	/** Names the key, the token and whether the place is held. */
	@Override
	public String toString() {
		return "Ownership[" + this.key + ", token " + this.token + (isHeld() ? ", held]" : ", not held]");
	}

}
