/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.session;

import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.KeyRange;

/**
 * One who wants to own something under a key that nobody else has, so that one session
 * may own many: what read-write locks and semaphores rest on. The key is attached to the
 * session's lease and has no value. It owns once fewer keys of the rivals than there are
 * places were created before its own; it waits for the nearest of them only. Immutable if
 * the supplier is.
 *
 * @param keys makes a key for each try to create one; asked again if somebody has that
 * key already. Thread-safe, and never blocks
 * @param rivals the keys it waits for; may hold its own
 * @param places how many may own at once, at least 1
 */
public record Contender(Supplier<ByteSequence> keys, KeyRange rivals, int places) {

	/**
	 * Checks the values.
	 * @param keys makes a key for each try to create one
	 * @param rivals the keys it waits for
	 * @param places how many may own at once
	 * @throws IllegalArgumentException if {@code places} is below 1
	 */
	public Contender {
		Objects.requireNonNull(keys, "keys");
		Objects.requireNonNull(rivals, "rivals");
		if (places < 1) {
			throw new IllegalArgumentException("places: " + places + " (expected: at least 1)");
		}
	}

	/**
	 * Waits until it owns, for as long as it takes.
	 * @param session whose lease the key is attached to
	 * @return a future that completes with the ownership, on the client's callback
	 * executor; fails with {@link io.github.etcdspring.LeaseLostException} if the lease,
	 * or the key, is lost before, and with what the supplier of keys throws. When it is
	 * cancelled the key is deleted
	 */
	public CompletableFuture<Ownership> enter(Session session) {
		return session.queues().enter(this);
	}

	/**
	 * Owns if it need not wait.
	 * @param session whose lease the key is attached to
	 * @return a future that completes with the ownership, or with nothing if it would
	 * have to wait; its key is deleted then, unless etcd refuses or takes longer than 0.2
	 * s. Fails if the session has no lease and the next try at granting one fails
	 */
	public CompletableFuture<Optional<Ownership>> tryEnter(Session session) {
		return session.queues().tryEnter(this);
	}

	Place nextPlace() {
		return new Place(Objects.requireNonNull(this.keys.get(), "key"), this.rivals, this.places, true);
	}

}
