/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.session;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

import io.github.etcdspring.Backoff;
import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.EtcdClosedException;
import io.github.etcdspring.KeyRange;
import io.github.etcdspring.KeyValue;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.internal.Failures;
import io.github.etcdspring.internal.HandedOff;
import io.github.etcdspring.internal.OwnSteps;
import io.github.etcdspring.kv.Compare;
import io.github.etcdspring.kv.DeleteRequest;
import io.github.etcdspring.kv.RangeRequest;
import io.github.etcdspring.kv.Txn;
import io.github.etcdspring.lease.KeepAlive;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The removal of one queue entry's key: tried until the key is gone, or the lease it is
 * attached to; given up soon where it is not known whether there is a key, and may not be
 * asked. One step at a time, where the library's own steps are made, or where a call
 * ends; none of it blocks.
 */
final class KeyRemoval {

	private static final Logger logger = LoggerFactory.getLogger(KeyRemoval.class);

	/** Others wait for the key to go: longer than a member takes that is not away. */
	private static final Duration LONGEST_CALL = Duration.ofSeconds(2);

	private static final Backoff BACKOFF = new Backoff(Duration.ofMillis(50), 2, Duration.ofSeconds(1), 0.5);

	/** About six seconds long. */
	private static final int MAX_REFUSED_LOOKS = 10;

	private final EtcdClient client;

	private final KeepAlive lease;

	private final ByteSequence key;

	private final CompletableFuture<Boolean> gone = new CompletableFuture<>();

	/** As gone, or the first refusal to delete the key. */
	private final CompletableFuture<Boolean> told = new CompletableFuture<>();

	private final AtomicBoolean begun = new AtomicBoolean();

	/**
	 * When the lease is over that nobody keeps alive here; {@code null} if it is kept.
	 */
	private volatile @Nullable Long leftUntilNanos;

	// the fields below: written by one step at a time

	private long token;

	/** Whether a deletion was sent whose answer was lost. */
	private boolean mayBeRemoved;

	private int failures;

	/** How often etcd refused to say whether there is a key. */
	private int refusedLooks;

	/**
	 * Makes a removal that has not begun.
	 * @param client what {@link #impatient(EtcdClient)} returned
	 */
	KeyRemoval(EtcdClient client, KeepAlive lease, ByteSequence key) {
		this.client = client;
		this.lease = lease;
		this.key = key;
		this.gone.thenAccept(this.told::complete);
	}

	/** Returns the view of a client whose calls take no longer than is waited for one. */
	static EtcdClient impatient(EtcdClient client) {
		return (client.requestTimeout().compareTo(LONGEST_CALL) > 0) ? client.withTimeout(LONGEST_CALL) : client;
	}

	/** Completes when the key is gone: whether it was deleted here. Never fails. */
	CompletableFuture<Boolean> gone() {
		return this.gone;
	}

	/**
	 * Completes as {@link #gone()} does; fails if etcd refuses to delete the key, which
	 * is tried again all the same.
	 */
	CompletableFuture<Boolean> told() {
		return this.told;
	}

	/** Completes as {@link #told()} does, for a user. */
	CompletableFuture<Boolean> toldToUser() {
		return HandedOff.ofShared(this.told, OwnSteps.usersOf(this.client));
	}

	/** There is no key. One that is being removed all the same is looked for first. */
	void notNeeded() {
		if (this.begun.compareAndSet(false, true)) {
			this.gone.complete(false);
		}
	}

	/**
	 * The lease is left to others: a key that is not to stay is deleted all the same, for
	 * as long as the lease can live without them.
	 */
	void leaseLeft() {
		this.leftUntilNanos = this.client.ticker().nanoTime() + this.lease.ttl().toNanos();
	}

	boolean isBegun() {
		return this.begun.get();
	}

	/** The key goes with its lease, whose name no other key will have. */
	void leaseEnded() {
		if (this.leftUntilNanos != null) {
			return;
		}
		this.begun.set(true);
		this.gone.complete(false);
	}

	/**
	 * Deletes the key, once: a second deletion could meet the key of the next entry.
	 * @param token the revision that created it, 0 if it is not known
	 */
	void begin(long token) {
		if (this.begun.compareAndSet(false, true)) {
			this.token = token;
			remove();
		}
	}

	private void remove() {
		if (!mayStand()) {
			this.gone.complete(false);
		}
		else if (this.token == 0) {
			findAndDelete();
		}
		else {
			delete();
		}
	}

	private boolean mayStand() {
		Long leftUntilNanos = this.leftUntilNanos;
		return this.lease.isAlive() || (leftUntilNanos != null && leftUntilNanos - this.client.ticker().nanoTime() > 0);
	}

	/**
	 * Only a deletion that names the revision of the key may be repeated: one that comes
	 * late must not meet the key of the next entry, which has the same name.
	 */
	private void findAndDelete() {
		this.client.kv()
			.txn()
			.then(RangeRequest.of(KeyRange.key(this.key)))
			.commitAsync()
			.whenComplete((found, failure) -> {
				if (failure != null) {
					removeLater(failure);
					return;
				}
				Optional<KeyValue> own = found.range(0).first();
				// a name that was chosen may be another's
				if (own.filter((kv) -> kv.lease().equals(this.lease.lease())).isEmpty()) {
					this.gone.complete(false);
					return;
				}
				this.token = own.get().createRevision();
				delete();
			});
	}

	private void delete() {
		KeyRange key = KeyRange.key(this.key);
		Txn txn = this.client.kv()
			.txn()
			.when(Compare.createRevision(key, Compare.Relation.EQUAL, this.token))
			.then(DeleteRequest.of(key));
		// what follows from a success waits for nothing: no other thread is woken for it
		HandedOff.direct(txn.commitAsync()).whenComplete((deleted, failure) -> {
			if (failure == null) {
				// an attempt whose answer was lost may have deleted it
				this.gone.complete(deleted.succeeded() || this.mayBeRemoved);
			}
			else {
				this.client.callbackExecutor().execute(() -> notDeleted(failure));
			}
		});
	}

	private void notDeleted(Throwable failure) {
		this.mayBeRemoved |= Failures.isUnknown(failure);
		removeLater(failure);
	}

	private void removeLater(Throwable failure) {
		if (failure instanceof EtcdClosedException) {
			this.gone.complete(false);
			return;
		}
		boolean refused = !Failures.mayPass(failure);
		if (refused && this.told.completeExceptionally(failure)) {
			logger.warn("{} cannot be deleted, trying again: {}", this.key, failure.getMessage());
		}
		if (refused && this.token == 0 && ++this.refusedLooks == MAX_REFUSED_LOOKS) {
			logger.warn("{} is left to its lease, if it is there: it may not be looked for", this.key);
			this.gone.complete(false);
			return;
		}
		OwnSteps.later(this.client, this::remove, BACKOFF.delay(++this.failures));
	}

}
