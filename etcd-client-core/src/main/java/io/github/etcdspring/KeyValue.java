/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * A key as etcd stores it at one revision. Immutable. Key and value lie in one array of
 * its own, so that a large answer costs little more than its bytes. A key that is kept
 * keeps a short value with it, and never a long one.
 */
public final class KeyValue {

	/** The most that a part which is kept may keep of the other part. */
	private static final int SMALL = 1024;

	/** The key, then the value. */
	private final byte[] bytes;

	private final int keySize;

	private final long createRevision;

	private final long modRevision;

	private final long version;

	private final long lease;

	/**
	 * Takes a copy of a key and its value.
	 * @param key the key
	 * @param value the value; empty in an answer that asked for keys only
	 * @param createRevision the revision that created the key last
	 * @param modRevision the revision that wrote the key last
	 * @param version the number of writes since the key was created, from 1; 0 in a
	 * deletion
	 * @param lease the lease the key is attached to, or {@link LeaseId#NONE}
	 */
	public KeyValue(ByteSequence key, ByteSequence value, long createRevision, long modRevision, long version,
			LeaseId lease) {
		this(joined(key, value), key.size(), createRevision, modRevision, version, lease.value());
	}

	private KeyValue(byte[] bytes, int keySize, long createRevision, long modRevision, long version, long lease) {
		this.bytes = bytes;
		this.keySize = keySize;
		this.createRevision = createRevision;
		this.modRevision = modRevision;
		this.version = version;
		this.lease = lease;
	}

	/**
	 * Returns a key and its value as two buffers hold them: with one copy less than by
	 * way of sequences. For those who read etcd's messages.
	 * @param key the buffer whose remaining bytes are the key
	 * @param value the buffer whose remaining bytes are the value
	 * @param createRevision the revision that created the key last
	 * @param modRevision the revision that wrote the key last
	 * @param version the number of writes since the key was created, from 1; 0 in a
	 * deletion
	 * @param lease the lease the key is attached to, or {@link LeaseId#NONE}
	 * @return a key-value that later changes of the buffers do not reach; their positions
	 * are left as they were
	 */
	public static KeyValue copyOf(ByteBuffer key, ByteBuffer value, long createRevision, long modRevision, long version,
			LeaseId lease) {
		int keySize = key.remaining();
		byte[] joined = new byte[keySize + value.remaining()];
		key.get(key.position(), joined, 0, keySize);
		value.get(value.position(), joined, keySize, joined.length - keySize);
		return new KeyValue(joined, keySize, createRevision, modRevision, version, lease.value());
	}

	private static byte[] joined(ByteSequence key, ByteSequence value) {
		byte[] joined = new byte[key.size() + value.size()];
		key.copyTo(joined, 0);
		value.copyTo(joined, key.size());
		return joined;
	}

	/**
	 * Returns the key.
	 * @return the key
	 */
	public ByteSequence key() {
		return part(0, this.keySize);
	}

	/**
	 * Returns the value.
	 * @return the value; empty in an answer that asked for keys only
	 */
	public ByteSequence value() {
		return part(this.keySize, this.bytes.length);
	}

	private ByteSequence part(int from, int to) {
		int size = to - from;
		return (this.bytes.length - size <= SMALL) ? new ByteSequence(this.bytes, from, size)
				: new ByteSequence(Arrays.copyOfRange(this.bytes, from, to), 0, size);
	}

	/**
	 * Returns the revision that created the key last.
	 * @return the revision
	 */
	public long createRevision() {
		return this.createRevision;
	}

	/**
	 * Returns the revision that wrote the key last.
	 * @return the revision
	 */
	public long modRevision() {
		return this.modRevision;
	}

	/**
	 * Returns the number of writes since the key was created.
	 * @return the number, from 1; 0 in a deletion
	 */
	public long version() {
		return this.version;
	}

	/**
	 * Returns the lease the key is attached to.
	 * @return the lease, or {@link LeaseId#NONE}
	 */
	public LeaseId lease() {
		return (this.lease == 0) ? LeaseId.NONE : new LeaseId(this.lease);
	}

	@Override
	public boolean equals(@Nullable Object other) {
		return this == other || (other instanceof KeyValue that && this.createRevision == that.createRevision
				&& this.modRevision == that.modRevision && this.version == that.version && this.lease == that.lease
				&& this.keySize == that.keySize && Arrays.equals(this.bytes, that.bytes));
	}

	@Override
	public int hashCode() {
		return Objects.hash(Arrays.hashCode(this.bytes), this.createRevision, this.modRevision, this.version,
				this.lease);
	}

	/** Names the key and its revisions, never the value. */
	@Override
	public String toString() {
		return "KeyValue[key=" + key() + ", value=" + (this.bytes.length - this.keySize) + " bytes, createRevision="
				+ this.createRevision + ", modRevision=" + this.modRevision + ", version=" + this.version + ", lease="
				+ lease() + "]";
	}

}
