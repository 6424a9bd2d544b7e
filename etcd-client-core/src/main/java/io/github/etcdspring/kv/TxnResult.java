/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.kv;

import java.util.List;

import io.github.etcdspring.ResponseHeader;

/**
 * What a transaction returned.
 *
 * @param header the answer's header; its revision is that of the transaction's writes
 * @param succeeded whether all compares held
 * @param results what the operations that ran returned, in their order; immutable
 */
public record TxnResult(ResponseHeader header, boolean succeeded,
		List<TxnOperationResult> results) implements TxnOperationResult {

	/**
	 * Takes a copy of the list.
	 * @param header the answer's header
	 * @param succeeded whether all compares held
	 * @param results what the operations that ran returned
	 */
	public TxnResult {
		results = List.copyOf(results);
	}

	/**
	 * Returns what a read in the transaction found.
	 * @param index the read's place in the list that ran, from 0
	 * @return its result
	 * @throws IndexOutOfBoundsException if the list has no such place
	 * @throws ClassCastException if another kind of operation is there
	 */
	public RangeResult range(int index) {
		return (RangeResult) this.results.get(index);
	}

	/**
	 * Returns what a put in the transaction returned.
	 * @param index the put's place in the list that ran, from 0
	 * @return its result
	 * @throws IndexOutOfBoundsException if the list has no such place
	 * @throws ClassCastException if another kind of operation is there
	 */
	public PutResult put(int index) {
		return (PutResult) this.results.get(index);
	}

	/**
	 * Returns what a deletion in the transaction returned.
	 * @param index the deletion's place in the list that ran, from 0
	 * @return its result
	 * @throws IndexOutOfBoundsException if the list has no such place
	 * @throws ClassCastException if another kind of operation is there
	 */
	public DeleteResult delete(int index) {
		return (DeleteResult) this.results.get(index);
	}

	/**
	 * Returns what a nested transaction returned.
	 * @param index the nested transaction's place in the list that ran, from 0
	 * @return its result
	 * @throws IndexOutOfBoundsException if the list has no such place
	 * @throws ClassCastException if another kind of operation is there
	 */
	public TxnResult txn(int index) {
		return (TxnResult) this.results.get(index);
	}

	/**
	 * Returns the revision of the transaction's writes.
	 * @return the header's revision
	 */
	public long revision() {
		return this.header.revision();
	}

}
