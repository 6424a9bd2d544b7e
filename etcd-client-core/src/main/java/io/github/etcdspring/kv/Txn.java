/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.kv;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * A transaction in the making. Each step returns a new one; nothing is sent before
 * {@link #commit()}. Immutable.
 */
public final class Txn {

	private final KvClient kv;

	private final TxnRequest request;

	Txn(KvClient kv) {
		this(kv, new TxnRequest(List.of(), List.of(), List.of()));
	}

	private Txn(KvClient kv, TxnRequest request) {
		this.kv = kv;
		this.request = request;
	}

	/**
	 * Adds conditions.
	 * @param compares the conditions, which must hold together with those before
	 * @return a new transaction
	 */
	public Txn when(Compare... compares) {
		return new Txn(this.kv, new TxnRequest(joined(this.request.compares(), List.of(compares)),
				this.request.success(), this.request.failure()));
	}

	/**
	 * Adds what runs if all conditions hold.
	 * @param operations the operations, which run after those before
	 * @return a new transaction
	 * @throws IllegalArgumentException if they put a key twice, or put and delete it
	 */
	public Txn then(TxnOperation... operations) {
		return new Txn(this.kv, new TxnRequest(this.request.compares(),
				joined(this.request.success(), List.of(operations)), this.request.failure()));
	}

	/**
	 * Adds what runs if a condition does not hold.
	 * @param operations the operations, which run after those before
	 * @return a new transaction
	 * @throws IllegalArgumentException if they put a key twice, or put and delete it
	 */
	public Txn otherwise(TxnOperation... operations) {
		return new Txn(this.kv, new TxnRequest(this.request.compares(), this.request.success(),
				joined(this.request.failure(), List.of(operations))));
	}

	private static <T> List<T> joined(List<T> before, List<T> more) {
		if (before.isEmpty()) {
			return more;
		}
		List<T> joined = new ArrayList<>(before);
		joined.addAll(more);
		return joined;
	}

	/**
	 * Returns the transaction as it is so far, to be run as a part of another.
	 * @return the request
	 */
	public TxnRequest request() {
		return this.request;
	}

	/**
	 * Runs the transaction. One without operations, or with serializable reads alone, is
	 * answered by the member that is asked from its own, possibly stale, state: its
	 * conditions prove nothing. Add a linearizable read where they must.
	 * @return which list ran, and what its operations returned
	 * @throws io.github.etcdspring.EtcdException if it failed as a whole
	 */
	public TxnResult commit() {
		return this.kv.txn(this.request);
	}

	/**
	 * Runs the transaction: the asynchronous form of {@link #commit()}.
	 * @return the future result
	 */
	public CompletableFuture<TxnResult> commitAsync() {
		return this.kv.txnAsync(this.request);
	}

}
