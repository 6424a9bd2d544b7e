/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.mirror;

import java.util.ArrayList;
import java.util.List;

import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.KeyRange;
import io.github.etcdspring.KeyValue;
import io.github.etcdspring.kv.DeleteRequest;
import io.github.etcdspring.kv.PutRequest;
import io.github.etcdspring.kv.TxnOperation;

/**
 * What makes a part of the target equal to a page of the source, both in key order. The
 * part comes in pieces, since it may hold more keys than the page. Used by one step after
 * the other.
 */
final class PageDifference {

	/** Under the names of the target. */
	private final List<PutRequest> wanted;

	private int next;

	PageDifference(List<PutRequest> wanted) {
		this.wanted = wanted;
	}

	/** Returns what to do up to the last key of a piece. */
	List<TxnOperation> upTo(List<KeyValue> piece) {
		List<TxnOperation> operations = new ArrayList<>();
		for (KeyValue found : piece) {
			takeBelow(found.key(), operations);
			if (this.next < this.wanted.size() && this.wanted.get(this.next).key().equals(found.key())) {
				PutRequest put = this.wanted.get(this.next++);
				if (!isSame(put, found)) {
					operations.add(put);
				}
			}
			else {
				operations.add(DeleteRequest.of(KeyRange.key(found.key())));
			}
		}
		return operations;
	}

	private void takeBelow(ByteSequence key, List<TxnOperation> operations) {
		while (this.next < this.wanted.size() && this.wanted.get(this.next).key().compareTo(key) < 0) {
			operations.add(this.wanted.get(this.next++));
		}
	}

	/** On a lease it would go by itself. */
	private static boolean isSame(PutRequest put, KeyValue found) {
		return found.lease().isNone() && put.value().equals(found.value());
	}

	/** Returns what to do after the last piece. */
	List<TxnOperation> rest() {
		List<TxnOperation> operations = new ArrayList<>(this.wanted.subList(this.next, this.wanted.size()));
		this.next = this.wanted.size();
		return operations;
	}

}
