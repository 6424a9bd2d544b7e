/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.mirror;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.KeyRange;
import io.github.etcdspring.KeyValue;
import io.github.etcdspring.kv.Compare;
import io.github.etcdspring.kv.DeleteRequest;
import io.github.etcdspring.kv.PutRequest;
import io.github.etcdspring.kv.RangeRequest;
import io.github.etcdspring.kv.TxnOperation;
import io.github.etcdspring.kv.TxnRequest;

/**
 * The key by which a writer knows that its target is as it left it. Every transaction
 * compares the value and puts one that no other had. So of those that follow the same one
 * only one is ever applied, and the value tells which; where it is that of the last, all
 * are there, whatever the revision of the target is. Used by one step at a time.
 */
final class Fence {

	private final ByteSequence key;

	/** Tells this writer's values from another's. */
	private final ByteSequence name = ByteSequence.of(UUID.randomUUID() + "/");

	private final AtomicLong values = new AtomicLong();

	/** Of the last transaction that is known to be applied; empty before the first. */
	private volatile ByteSequence value = ByteSequence.EMPTY;

	/** Of that transaction; 0 before. */
	private volatile long revision;

	Fence(ByteSequence key) {
		this.key = key;
	}

	ByteSequence key() {
		return this.key;
	}

	KeyRange range() {
		return KeyRange.key(this.key);
	}

	boolean isTaken() {
		return this.revision != 0;
	}

	long revision() {
		return this.revision;
	}

	ByteSequence value() {
		return this.value;
	}

	/** Returns a value that no transaction has had. */
	ByteSequence next() {
		return this.name.concat(ByteSequence.of(Long.toString(this.values.incrementAndGet())));
	}

	/** Compares, too: no attempt may come late and push out whoever has come since. */
	TxnRequest takeOver(Optional<KeyValue> found, ByteSequence next) {
		long before = found.map(KeyValue::modRevision).orElse(0L);
		return new TxnRequest(List.of(Compare.modRevision(range(), Compare.Relation.EQUAL, before)),
				List.of(PutRequest.of(this.key, next)), List.of());
	}

	/** Returns operations that are applied if nobody else's were since the last. */
	TxnRequest guard(List<TxnOperation> operations, ByteSequence next) {
		List<TxnOperation> all = Stream.concat(Stream.of(PutRequest.of(this.key, next)), operations.stream()).toList();
		return new TxnRequest(List.of(isStill(this.value)), all, List.of(RangeRequest.of(range())));
	}

	/** Returns the end of the fence, if it has a value. */
	TxnRequest delete(ByteSequence value) {
		return new TxnRequest(List.of(isStill(value)), List.of(DeleteRequest.of(range())),
				List.of(RangeRequest.of(range())));
	}

	private Compare isStill(ByteSequence value) {
		return Compare.value(range(), Compare.Relation.EQUAL, value);
	}

	/** Takes the word that a transaction was applied. */
	void applied(ByteSequence value, long revision) {
		this.value = value;
		this.revision = revision;
	}

	boolean isOwn(KeyValue found) {
		return found.value().startsWith(this.name);
	}

	/**
	 * Whether somebody has come since; one whose place is older was there before, in a
	 * target that was put back.
	 */
	boolean isOvertakenBy(KeyValue found) {
		return isTaken() && !isOwn(found) && found.modRevision() > this.revision;
	}

	@Override
	public String toString() {
		return this.key.toString();
	}

}
