/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.service;

import java.time.Duration;
import java.util.Objects;

import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.LeaseId;

/**
 * A wait for a lock: etcd's {@code LockRequest}, and how long it may take.
 *
 * @param name the lock; its entries are the keys below {@code name/}
 * @param lease whose lock it is; with {@link LeaseId#NONE} the server grants one of 60 s,
 * which nobody can renew
 * @param timeout how long to wait, whatever the client's request timeout; above zero, and
 * at most 36,500 days
 */
public record LockRequest(ByteSequence name, LeaseId lease, Duration timeout) {

	/**
	 * Checks the timeout.
	 * @param name the lock
	 * @param lease whose lock it is
	 * @param timeout how long to wait
	 * @throws IllegalArgumentException if it is not above zero, or too long
	 */
	public LockRequest {
		Objects.requireNonNull(name, "name");
		Objects.requireNonNull(lease, "lease");
		WaitTimeout.check(timeout);
	}

	/**
	 * Returns a wait for a lock with a name in text.
	 * @param name the lock
	 * @param lease whose lock it is
	 * @param timeout how long to wait
	 * @return the request
	 * @throws IllegalArgumentException if {@code timeout} is not above zero, or too long
	 */
	public static LockRequest of(String name, LeaseId lease, Duration timeout) {
		return new LockRequest(ByteSequence.of(name), lease, timeout);
	}

}
