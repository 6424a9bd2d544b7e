/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.kv;

import java.util.Objects;

import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.LeaseId;

/**
 * What to write: etcd's {@code PutRequest}. Immutable.
 */
public final class PutRequest implements TxnOperation {

	private final ByteSequence key;

	private final ByteSequence value;

	private final LeaseId lease;

	private final boolean returnPrevious;

	private PutRequest(ByteSequence key, ByteSequence value, LeaseId lease, boolean returnPrevious) {
		this.key = key;
		this.value = value;
		this.lease = lease;
		this.returnPrevious = returnPrevious;
	}

	/**
	 * Returns a write of a key that lives until it is deleted.
	 * @param key the key, not empty
	 * @param value its new value
	 * @return the request
	 * @throws IllegalArgumentException if the key is empty
	 */
	public static PutRequest of(ByteSequence key, ByteSequence value) {
		if (key.isEmpty()) {
			throw new IllegalArgumentException("key is empty (expected: at least one byte)");
		}
		return new PutRequest(key, Objects.requireNonNull(value, "value"), LeaseId.NONE, false);
	}

	/**
	 * Returns a write of a key that lives until it is deleted.
	 * @param key the key as text, not empty
	 * @param value its new value as text
	 * @return the request
	 * @throws IllegalArgumentException if the key is empty
	 */
	public static PutRequest of(String key, String value) {
		return of(ByteSequence.of(key), ByteSequence.of(value));
	}

	/**
	 * Returns the same write, attached to a lease: etcd deletes the key when the lease
	 * ends.
	 * @param lease the lease
	 * @return a new request
	 */
	public PutRequest withLease(LeaseId lease) {
		return new PutRequest(this.key, this.value, lease, this.returnPrevious);
	}

	/**
	 * Returns the same write that also returns what the key held before.
	 * @return a new request
	 */
	public PutRequest withPrevious() {
		return new PutRequest(this.key, this.value, this.lease, true);
	}

	/**
	 * Returns the key.
	 * @return the key
	 */
	public ByteSequence key() {
		return this.key;
	}

	/**
	 * Returns the new value.
	 * @return the value
	 */
	public ByteSequence value() {
		return this.value;
	}

	/**
	 * Returns the lease to attach the key to.
	 * @return the lease, or {@link LeaseId#NONE}
	 */
	public LeaseId lease() {
		return this.lease;
	}

	/**
	 * Whether the previous key-value is returned.
	 * @return whether {@link #withPrevious()} was asked for
	 */
	public boolean returnsPrevious() {
		return this.returnPrevious;
	}

	/** Names the key and the lease, never the value. */
	@Override
	public String toString() {
		return "PutRequest[" + this.key + ", " + this.value.size() + " bytes, lease " + this.lease + "]";
	}

}
