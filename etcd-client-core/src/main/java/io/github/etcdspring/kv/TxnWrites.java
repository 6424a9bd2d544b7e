/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.kv;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.KeyRange;

/**
 * What a list of a transaction's operations writes, and etcd's rule for it: no key is put
 * twice, nor put and deleted. The two lists of a nested transaction may write the same
 * key, since one of them runs. The rule is the server's to the letter: it overlooks a
 * deletion without upper bound, and a nested deletion that follows a nested put, and so
 * does this.
 */
final class TxnWrites {

	private final Set<ByteSequence> puts = new HashSet<>();

	private final List<KeyRange> deletes = new ArrayList<>();

	private TxnWrites() {
	}

	/**
	 * Checks one list of a transaction, whose nested transactions have been checked.
	 * @throws IllegalArgumentException if it writes a key twice
	 */
	static void check(List<TxnOperation> operations) {
		if (operations.size() > 1) {
			of(operations);
		}
	}

	private static TxnWrites of(List<TxnOperation> operations) {
		TxnWrites writes = new TxnWrites();
		for (TxnOperation operation : operations) {
			if (operation instanceof DeleteRequest delete) {
				writes.deletes.add(delete.range());
			}
		}
		for (TxnOperation operation : operations) {
			if (operation instanceof TxnRequest nested) {
				writes.add(of(nested.success()), of(nested.failure()));
			}
		}
		for (TxnOperation operation : operations) {
			if (operation instanceof PutRequest put) {
				writes.put(put.key());
			}
		}
		return writes;
	}

	private void add(TxnWrites success, TxnWrites failure) {
		success.puts.forEach(this::put);
		for (ByteSequence key : failure.puts) {
			if (success.puts.contains(key)) {
				refuseIfDeleted(key);
			}
			else {
				put(key);
			}
		}
		this.deletes.addAll(success.deletes);
		this.deletes.addAll(failure.deletes);
	}

	private void put(ByteSequence key) {
		refuseIfDeleted(key);
		if (!this.puts.add(key)) {
			throw writtenTwice(key);
		}
	}

	private void refuseIfDeleted(ByteSequence key) {
		for (KeyRange range : this.deletes) {
			boolean bounded = range.isSingleKey() || range.end().isPresent();
			if (bounded && range.contains(key)) {
				throw writtenTwice(key);
			}
		}
	}

	private static IllegalArgumentException writtenTwice(ByteSequence key) {
		return new IllegalArgumentException("transaction writes a key twice: " + key
				+ " (expected: one put of a key in each list, and no deletion of it beside)");
	}

}
