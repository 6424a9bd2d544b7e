/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.naming;

import java.util.List;
import java.util.Optional;

import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.KeyRange;
import io.github.etcdspring.KeyValue;
import io.github.etcdspring.LeaseId;
import io.github.etcdspring.kv.Compare;
import io.github.etcdspring.kv.PutRequest;
import io.github.etcdspring.kv.RangeRequest;
import io.github.etcdspring.kv.TxnRequest;
import io.github.etcdspring.kv.TxnResult;

/**
 * One try at writing an entry. It writes nothing unless there is no entry, or it is as it
 * was last known: a try that comes late, when its answer was lost, must not undo what
 * another hand has written since.
 *
 * @param key the entry's key
 * @param value what it is to hold
 * @param lease what it is to live on
 * @param known the revision at which it may be overwritten; 0 if at none
 */
record EntryWrite(ByteSequence key, ByteSequence value, LeaseId lease, long known) {

	TxnRequest txn() {
		KeyRange only = KeyRange.key(this.key);
		PutRequest put = PutRequest.of(this.key, this.value).withLease(this.lease);
		Compare asKnown = Compare.modRevision(only, Compare.Relation.EQUAL, this.known);
		TxnRequest ifKnown = new TxnRequest(List.of(asKnown), List.of(put), List.of(RangeRequest.of(only)));
		return new TxnRequest(List.of(Compare.absent(this.key)), List.of(put), List.of(ifKnown));
	}

	/** Returns the entry that stands in the way; empty if it was written. */
	static Optional<KeyValue> inTheWay(TxnResult result) {
		if (result.succeeded() || result.txn(0).succeeded()) {
			return Optional.empty();
		}
		return result.txn(0).range(0).first();
	}

}
