/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.kv;

import java.util.Objects;

import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.LeaseId;
import org.jspecify.annotations.Nullable;

/**
 * What to write: etcd's {@code PutRequest}. A put sets the value and the lease of a key;
 * one that keeps the value, or the lease, or both, is refused by the server if the key
 * does not exist. Immutable.
 */
public final class PutRequest implements TxnOperation {

	private final ByteSequence key;

	/** {@code null} keeps the present one. */
	private final @Nullable ByteSequence value;

	/** {@code null} keeps the present one. */
	private final @Nullable LeaseId lease;

	private final boolean returnPrevious;

	private PutRequest(ByteSequence key, @Nullable ByteSequence value, @Nullable LeaseId lease,
			boolean returnPrevious) {
		if (key.isEmpty()) {
			throw new IllegalArgumentException("key is empty (expected: at least one byte)");
		}
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
	 * Returns a write that leaves the value of a key as it is: etcd's
	 * {@code ignore_value}. It takes the key off its lease, unless told otherwise; the
	 * key's version and modification revision count it as a write.
	 * @param key the key, not empty; must exist when the write comes
	 * @return the request
	 * @throws IllegalArgumentException if the key is empty
	 */
	public static PutRequest keepingValue(ByteSequence key) {
		return new PutRequest(key, null, LeaseId.NONE, false);
	}

	/**
	 * Returns a write that leaves the value of a key as it is.
	 * @param key the key as text, not empty; must exist when the write comes
	 * @return the request
	 * @throws IllegalArgumentException if the key is empty
	 */
	public static PutRequest keepingValue(String key) {
		return keepingValue(ByteSequence.of(key));
	}

	/**
	 * Returns the same write, attached to a lease: etcd deletes the key when the lease
	 * ends.
	 * @param lease the lease; {@link LeaseId#NONE} for none
	 * @return a new request
	 */
	public PutRequest withLease(LeaseId lease) {
		return new PutRequest(this.key, this.value, Objects.requireNonNull(lease, "lease"), this.returnPrevious);
	}

	/**
	 * Returns the same write that leaves the key on the lease it has, or on none: etcd's
	 * {@code ignore_lease}. The key must exist when the write comes.
	 * @return a new request
	 */
	public PutRequest keepingLease() {
		return new PutRequest(this.key, this.value, null, this.returnPrevious);
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
	 * @return the value; empty if the present one is kept
	 */
	public ByteSequence value() {
		return (this.value != null) ? this.value : ByteSequence.EMPTY;
	}

	/**
	 * Whether the present value is kept.
	 * @return whether this was made by {@link #keepingValue(ByteSequence)}
	 */
	public boolean keepsValue() {
		return this.value == null;
	}

	/**
	 * Returns the lease to attach the key to.
	 * @return the lease, or {@link LeaseId#NONE}, also if the present one is kept
	 */
	public LeaseId lease() {
		return (this.lease != null) ? this.lease : LeaseId.NONE;
	}

	/**
	 * Whether the present lease is kept.
	 * @return whether {@link #keepingLease()} was asked for
	 */
	public boolean keepsLease() {
		return this.lease == null;
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
		String value = (this.value != null) ? this.value.size() + " bytes" : "value kept";
		String lease = (this.lease != null) ? "lease " + this.lease : "lease kept";
		return "PutRequest[" + this.key + ", " + value + ", " + lease + "]";
	}

}
