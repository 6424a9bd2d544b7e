/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.recipes;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;

import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.EtcdRequestException;
import io.github.etcdspring.FailureDetails;
import io.github.etcdspring.KeyRange;
import io.github.etcdspring.KeyValue;
import io.github.etcdspring.StatusCode;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.kv.Compare;
import io.github.etcdspring.kv.DeleteRequest;
import io.github.etcdspring.kv.PutRequest;
import io.github.etcdspring.kv.RangeRequest;
import io.github.etcdspring.kv.Txn;
import io.github.etcdspring.kv.TxnResult;

/**
 * One party's count, at the barrier that it finds first: not at the next one of that
 * name, should that one open meanwhile. One step at a time.
 */
final class CountDown {

	private final EtcdClient client;

	private final KeyRange key;

	private final ByteSequence parties;

	private final ByteSequence party;

	/** The revision that created the barrier, 0 while it is not known. */
	private volatile long barrier;

	CountDown(EtcdClient client, KeyRange key, ByteSequence parties, ByteSequence party) {
		this.client = client;
		this.key = key;
		this.parties = parties;
		this.party = party;
	}

	CompletableFuture<TxnResult> look() {
		return this.client.kv()
			.txn()
			.then(RangeRequest.of(this.key), RangeRequest.of(KeyRange.key(this.party)))
			.commitAsync();
	}

	Step<Integer> next(TxnResult found) {
		Optional<KeyValue> barrier = found.range(0).first();
		if (barrier.isEmpty() || (this.barrier != 0 && barrier.get().createRevision() != this.barrier)) {
			return new Step.Done<>(0);
		}
		this.barrier = barrier.get().createRevision();
		int count = countOf(barrier.get());
		if (found.range(1).first().isPresent()) {
			return new Step.Done<>(count);
		}
		return new Step.ActOnce<>(() -> count(barrier.get(), count - 1),
				(counted) -> Optional.of(count - 1).filter((left) -> counted.succeeded()));
	}

	private CompletableFuture<TxnResult> count(KeyValue barrier, int left) {
		Txn txn = this.client.kv()
			.txn()
			.when(Compare.modRevision(this.key, Compare.Relation.EQUAL, barrier.modRevision()),
					Compare.absent(this.party));
		Txn counting = (left > 0)
				? txn.then(PutRequest.of(this.party, ByteSequence.EMPTY),
						PutRequest.of(this.key.start(), ByteSequence.of(Integer.toString(left))))
				: txn.then(DeleteRequest.of(this.key), DeleteRequest.of(KeyRange.prefix(this.parties)));
		return counting.commitAsync();
	}

	/**
	 * Returns the count that a barrier's key holds.
	 * @throws EtcdRequestException if it holds none
	 */
	static int countOf(KeyValue barrier) {
		String value = barrier.value().toUtf8();
		if (!value.matches("[1-9][0-9]{0,8}")) {
			throw new EtcdRequestException(FailureDetails.local("the key " + barrier.key() + " holds no count",
					StatusCode.FAILED_PRECONDITION), null);
		}
		return Integer.parseInt(value);
	}

}
