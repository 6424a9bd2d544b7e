/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.session;

import java.util.List;
import java.util.concurrent.CompletableFuture;

import io.github.etcdspring.EtcdException;
import io.github.etcdspring.FailureDetails;
import io.github.etcdspring.LeaseLostException;
import io.github.etcdspring.StatusCode;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.internal.DerivedCall;
import io.github.etcdspring.kv.TxnRequest;
import io.github.etcdspring.kv.TxnResult;

/**
 * Lets transactions through while an owner holds its place, and none after: etcd compares
 * the owner's key in the same transaction, so that a process which has lost a lock or a
 * leadership without having noticed writes nothing. It protects what is written to this
 * etcd. To any other store the owner sends its {@linkplain #token() token}, and the store
 * refuses a token lower than the highest it has seen. Thread-safe.
 */
public final class EtcdFence {

	private final EtcdClient client;

	private final Ownership ownership;

	private EtcdFence(EtcdClient client, Ownership ownership) {
		this.client = client;
		this.ownership = ownership;
	}

	/**
	 * Returns the fence of an owner.
	 * @param client what to write with; in the namespace of the session's client, as the
	 * owner's key is named in it
	 * @param ownership the place that must be held
	 * @return the fence
	 */
	public static EtcdFence of(EtcdClient client, Ownership ownership) {
		return new EtcdFence(client, ownership);
	}

	/**
	 * Returns the fencing token.
	 * @return the revision that created the owner's key; higher than that of every owner
	 * before
	 */
	public long token() {
		return this.ownership.token();
	}

	/**
	 * Commits a transaction if the place is held at that very moment. It is nested in
	 * another that compares the owner's key: one compare and one operation more for the
	 * server to count.
	 * @param txn the transaction; its own compares hold or not as ever
	 * @return its result
	 * @throws LeaseLostException if the place is lost, or was given up: nothing was done
	 * @throws EtcdException if etcd refused, or its answer was lost
	 */
	public TxnResult commit(TxnRequest txn) {
		if (!this.ownership.isHeld()) {
			throw lost();
		}
		return inner(this.client.kv().txn(guarded(txn)));
	}

	/**
	 * Commits a transaction if the place is held at that very moment: the asynchronous
	 * form of {@link #commit(TxnRequest)}.
	 * @param txn the transaction
	 * @return the future result; completes on the client's callback executor
	 */
	public CompletableFuture<TxnResult> commitAsync(TxnRequest txn) {
		return this.ownership.isHeld() ? DerivedCall.of(this.client.kv().txnAsync(guarded(txn)), this::inner)
				: CompletableFuture.failedFuture(lost());
	}

	private TxnRequest guarded(TxnRequest txn) {
		return new TxnRequest(List.of(this.ownership.guard()), List.of(txn), List.of());
	}

	private TxnResult inner(TxnResult result) {
		if (!result.succeeded()) {
			throw lost();
		}
		TxnResult inner = result.txn(0);
		return new TxnResult(result.header(), inner.succeeded(), inner.results());
	}

	private LeaseLostException lost() {
		return new LeaseLostException(
				FailureDetails.local(this.ownership.key() + " with token " + this.ownership.token()
						+ " is lost, or was given up, so nothing was written", StatusCode.FAILED_PRECONDITION),
				null);
	}

	/** Names the owner. */
	@Override
	public String toString() {
		return "EtcdFence[" + this.ownership + "]";
	}

}
