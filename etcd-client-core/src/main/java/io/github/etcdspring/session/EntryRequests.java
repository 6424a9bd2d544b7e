/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.session;

import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.KeyRange;
import io.github.etcdspring.KeyValue;
import io.github.etcdspring.LeaseId;
import io.github.etcdspring.kv.Compare;
import io.github.etcdspring.kv.KvClient;
import io.github.etcdspring.kv.PutRequest;
import io.github.etcdspring.kv.RangeRequest;
import io.github.etcdspring.kv.RangeRequest.SortOrder;
import io.github.etcdspring.kv.RangeRequest.SortTarget;
import io.github.etcdspring.kv.Txn;

/**
 * The transactions of one entry of a queue, until it owns. Each that finds the entry's
 * own key has it as its first result, and the keys of rivals as its second.
 *
 * @param kv what they are sent with
 * @param lease what the entry's key is attached to
 * @param place where the entry stands
 * @param value what its key holds
 */
record EntryRequests(KvClient kv, LeaseId lease, Place place, ByteSequence value) {

	/** Creates the key unless it is there, and finds who is first. */
	Txn enter() {
		return this.kv.txn().when(Compare.absent(this.place.key())).then(put(), first()).otherwise(own(), first());
	}

	/** Creates the key if there is no rival, and else finds who is first. */
	Txn enterIfFree() {
		return this.kv.txn().when(Compare.absent(this.place.rivals())).then(put()).otherwise(own(), first());
	}

	/** Puts the value into a key that was found, if that is unchanged. */
	Txn sayAnew(KeyValue found) {
		Compare same = Compare.modRevision(KeyRange.key(found.key()), Compare.Relation.EQUAL, found.modRevision());
		return this.kv.txn().when(same).then(put());
	}

	/**
	 * Finds the own key and the nearest rivals before it, at one revision.
	 * @param token the revision that created the own key
	 */
	Txn lookAhead(long token) {
		RangeRequest nearest = RangeRequest.builder(this.place.rivals())
			.sort(SortTarget.CREATE, SortOrder.DESCEND)
			.limit(this.place.places())
			.maxCreateRevision(token - 1)
			.keysOnly()
			.build();
		return this.kv.txn().then(own(), nearest);
	}

	private PutRequest put() {
		return PutRequest.of(this.place.key(), this.value).withLease(this.lease);
	}

	private RangeRequest own() {
		return RangeRequest.of(KeyRange.key(this.place.key()));
	}

	private RangeRequest first() {
		return RangeRequest.builder(this.place.rivals())
			.sort(SortTarget.CREATE, SortOrder.ASCEND)
			.limit(this.place.places())
			.build();
	}

}
