/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.session;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.KeyRange;
import io.github.etcdspring.lease.KeepAlive;
import org.jspecify.annotations.Nullable;

/**
 * One wish to own. Thread-safe.
 */
final class Turn {

	private static final Consumer<QueueEntry> SWEEP = QueueEntry::sweep;

	private final ByteSequence prefix;

	private final Function<KeepAlive, Place> place;

	private final ByteSequence value;

	private final Supplier<CompletableFuture<KeepAlive>> lease;

	private final Consumer<QueueEntry> start;

	private final CompletableFuture<Optional<Ownership>> result = new CompletableFuture<>();

	private final CompletableFuture<?> cleared = new CompletableFuture<>();

	private volatile @Nullable QueueEntry entry;

	private Turn(ByteSequence prefix, Function<KeepAlive, Place> place, ByteSequence value,
			Supplier<CompletableFuture<KeepAlive>> lease, Consumer<QueueEntry> start) {
		this.prefix = prefix;
		this.place = place;
		this.value = value;
		this.lease = lease;
		this.start = start;
		this.result.whenComplete((ownership, failure) -> clear());
	}

	/**
	 * Makes the turn of one whose key is named by the lease.
	 * @param lease waits for the lease it rests on
	 * @param start how its entry goes to etcd
	 */
	static Turn of(ByteSequence prefix, ByteSequence value, Supplier<CompletableFuture<KeepAlive>> lease,
			Consumer<QueueEntry> start) {
		return new Turn(prefix, (keepAlive) -> placeIn(prefix, keepAlive), value, lease, start);
	}

	private static Place placeIn(ByteSequence prefix, KeepAlive lease) {
		return new Place(prefix.concat(lease.lease().toString()), KeyRange.prefix(prefix), 1, false);
	}

	/** Makes the turn of one who shares its key with none. */
	static Turn of(Contender contender, Supplier<CompletableFuture<KeepAlive>> lease, Consumer<QueueEntry> start) {
		return new Turn(ByteSequence.EMPTY, (keepAlive) -> contender.nextPlace(), ByteSequence.EMPTY, lease, start);
	}

	/** Makes the turn of one who deletes a key. */
	static Turn sweeping(ByteSequence prefix, Place place, KeepAlive lease) {
		return new Turn(prefix, (keepAlive) -> place, ByteSequence.EMPTY,
				() -> CompletableFuture.completedFuture(lease), SWEEP);
	}

	/** Returns what those who share a key want; empty if it shares its key with none. */
	ByteSequence prefix() {
		return this.prefix;
	}

	boolean isSweep() {
		return this.start == SWEEP;
	}

	boolean isAlone() {
		return this.prefix.isEmpty();
	}

	ByteSequence value() {
		return this.value;
	}

	/** Waits for the lease it rests on. */
	CompletableFuture<KeepAlive> lease() {
		return this.lease.get();
	}

	/** Returns where an entry of it stands; the next one may stand elsewhere. */
	Place placeOn(KeepAlive lease) {
		return this.place.apply(lease);
	}

	/** Takes the entry that is about to go to etcd; the last one counts. */
	void entered(QueueEntry entry) {
		this.entry = entry;
	}

	void start(QueueEntry entry) {
		this.start.accept(entry);
	}

	/** Completes with the place, or with nothing. */
	CompletableFuture<Optional<Ownership>> result() {
		return this.result;
	}

	/**
	 * Completes when the result is there and no key is left, or etcd refuses to delete
	 * it.
	 */
	CompletableFuture<?> cleared() {
		return this.cleared;
	}

	/** An entry that comes now creates no key. */
	private void clear() {
		QueueEntry entry = this.entry;
		if (entry == null) {
			this.cleared.complete(null);
		}
		else {
			entry.removal().told().whenComplete((removed, refusal) -> this.cleared.complete(null));
		}
	}

}
