/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.kv;

import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.KeyRange;
import io.github.etcdspring.LeaseId;

/**
 * One condition of a transaction: etcd's {@code Compare}. Over a range it holds if it
 * holds for every key there. A key that does not exist, or a range without keys, has
 * version, revisions and lease 0, and no value: comparing its value never holds.
 * Immutable.
 */
public final class Compare {

	/** How the key's side stands to the operand. */
	public enum Relation {

		/** The same. */
		EQUAL,

		/** Not the same. */
		NOT_EQUAL,

		/** The key's side is above. */
		GREATER,

		/** The key's side is below. */
		LESS

	}

	/** What of the key is compared. */
	public enum Target {

		/** The number of writes since creation. */
		VERSION,

		/** The revision that created the key. */
		CREATE,

		/** The revision that wrote the key last. */
		MOD,

		/** The value. */
		VALUE,

		/** The id of the lease. */
		LEASE

	}

	private final KeyRange range;

	private final Target target;

	private final Relation relation;

	private final long number;

	private final ByteSequence value;

	private Compare(KeyRange range, Target target, Relation relation, long number, ByteSequence value) {
		this.range = range;
		this.target = target;
		this.relation = relation;
		this.number = number;
		this.value = value;
	}

	/**
	 * Returns the condition that a key does not exist.
	 * @param key the key
	 * @return the condition
	 */
	public static Compare absent(ByteSequence key) {
		return createRevision(KeyRange.key(key), Relation.EQUAL, 0);
	}

	/**
	 * Returns the condition that no key of a range exists.
	 * @param range the keys
	 * @return the condition
	 */
	public static Compare absent(KeyRange range) {
		return createRevision(range, Relation.EQUAL, 0);
	}

	/**
	 * Returns the condition that a key exists.
	 * @param key the key
	 * @return the condition
	 */
	public static Compare exists(ByteSequence key) {
		return createRevision(KeyRange.key(key), Relation.GREATER, 0);
	}

	/**
	 * Returns a condition on the number of writes since creation.
	 * @param range the key or keys
	 * @param relation how the version stands to the operand
	 * @param version the operand
	 * @return the condition
	 */
	public static Compare version(KeyRange range, Relation relation, long version) {
		return new Compare(range, Target.VERSION, relation, version, ByteSequence.EMPTY);
	}

	/**
	 * Returns a condition on the revision that created the key.
	 * @param range the key or keys
	 * @param relation how the revision stands to the operand
	 * @param revision the operand
	 * @return the condition
	 */
	public static Compare createRevision(KeyRange range, Relation relation, long revision) {
		return new Compare(range, Target.CREATE, relation, revision, ByteSequence.EMPTY);
	}

	/**
	 * Returns a condition on the revision that wrote the key last.
	 * @param range the key or keys
	 * @param relation how the revision stands to the operand
	 * @param revision the operand
	 * @return the condition
	 */
	public static Compare modRevision(KeyRange range, Relation relation, long revision) {
		return new Compare(range, Target.MOD, relation, revision, ByteSequence.EMPTY);
	}

	/**
	 * Returns a condition on the value.
	 * @param range the key or keys
	 * @param relation how the value stands to the operand, byte by byte, unsigned
	 * @param value the operand
	 * @return the condition
	 */
	public static Compare value(KeyRange range, Relation relation, ByteSequence value) {
		return new Compare(range, Target.VALUE, relation, 0, value);
	}

	/**
	 * Returns a condition on the lease the key is attached to.
	 * @param range the key or keys
	 * @param relation how the lease's id stands to the operand
	 * @param lease the operand; {@link LeaseId#NONE} for a key without lease
	 * @return the condition
	 */
	public static Compare lease(KeyRange range, Relation relation, LeaseId lease) {
		return new Compare(range, Target.LEASE, relation, lease.value(), ByteSequence.EMPTY);
	}

	/**
	 * Returns the keys compared.
	 * @return the range
	 */
	public KeyRange range() {
		return this.range;
	}

	/**
	 * Returns what of them is compared.
	 * @return the target
	 */
	public Target target() {
		return this.target;
	}

	/**
	 * Returns how it stands to the operand.
	 * @return the relation
	 */
	public Relation relation() {
		return this.relation;
	}

	/**
	 * Returns the operand of all targets but {@link Target#VALUE}.
	 * @return the number; 0 for a value
	 */
	public long number() {
		return this.number;
	}

	/**
	 * Returns the operand of {@link Target#VALUE}.
	 * @return the bytes; empty for other targets
	 */
	public ByteSequence value() {
		return this.value;
	}

	/** Names everything but a value. */
	@Override
	public String toString() {
		String operand = (this.target == Target.VALUE) ? this.value.size() + " bytes" : Long.toString(this.number);
		return "Compare[" + this.target + " of " + this.range + " " + this.relation + " " + operand + "]";
	}

}
