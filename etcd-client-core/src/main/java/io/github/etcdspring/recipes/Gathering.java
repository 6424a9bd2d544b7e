/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.recipes;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.FailureDetails;
import io.github.etcdspring.KeyRange;
import io.github.etcdspring.KeyValue;
import io.github.etcdspring.LeaseLostException;
import io.github.etcdspring.StatusCode;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.kv.Compare;
import io.github.etcdspring.kv.PutRequest;
import io.github.etcdspring.kv.RangeRequest;
import io.github.etcdspring.kv.RangeRequest.SortOrder;
import io.github.etcdspring.kv.RangeRequest.SortTarget;
import io.github.etcdspring.kv.TxnResult;
import io.github.etcdspring.session.Ownership;
import io.github.etcdspring.watch.WatchEvent;
import io.github.etcdspring.watch.WatchRequest;

/**
 * The wait of one party for the others at a double barrier: for the ready key to be
 * written after its own. The party that makes the number full writes it. One that was
 * left from an earlier round says nothing.
 */
final class Gathering {

	private final EtcdClient client;

	private final ByteSequence name;

	private final Ownership place;

	private final int parties;

	Gathering(EtcdClient client, ByteSequence name, Ownership place, int parties) {
		this.client = client;
		this.name = name;
		this.place = place;
		this.parties = parties;
	}

	private KeyRange ready() {
		return KeyRange.key(this.name.concat("/ready"));
	}

	CompletableFuture<TxnResult> look() {
		RangeRequest waiters = RangeRequest.builder(KeyRange.prefix(this.name.concat("/waiters/")))
			.sort(SortTarget.CREATE, SortOrder.ASCEND)
			.limit(this.parties)
			.keysOnly()
			.build();
		return this.client.kv()
			.txn()
			.then(RangeRequest.of(KeyRange.key(this.place.key())), RangeRequest.of(ready()), waiters)
			.commitAsync();
	}

	Step<Attendance> next(TxnResult found) {
		if (found.range(0).first().filter(this::isOwn).isEmpty()) {
			throw new LeaseLostException(
					FailureDetails.local("the key " + this.place.key() + " was deleted while it waited for the others",
							StatusCode.FAILED_PRECONDITION),
					null);
		}
		if (found.range(1).first().filter((ready) -> ready.modRevision() > this.place.token()).isPresent()) {
			return new Step.Done<>(attendance());
		}
		List<KeyValue> waiters = found.range(2).kvs();
		if (waiters.size() == this.parties && isOwn(waiters.get(this.parties - 1))) {
			return new Step.Act<>(this::open, (put) -> Optional.of(attendance()).filter((own) -> put.succeeded()));
		}
		return new Step.Await<>(WatchRequest.of(KeyRange.prefix(this.name.concat("/"))).from(found.revision() + 1),
				this::isAwaited);
	}

	private boolean isOwn(KeyValue kv) {
		return kv.createRevision() == this.place.token();
	}

	private Attendance attendance() {
		return new Attendance(this.client, this.name, this.place);
	}

	private CompletableFuture<TxnResult> open() {
		KeyRange ready = ready();
		return this.client.kv()
			.txn()
			.when(this.place.guard(), Compare.modRevision(ready, Compare.Relation.LESS, this.place.token()))
			.then(PutRequest.of(ready.start(), ByteSequence.EMPTY))
			.commitAsync();
	}

	private boolean isAwaited(WatchEvent event) {
		return (event instanceof WatchEvent.Put && event.key().equals(ready().start()))
				|| (event instanceof WatchEvent.Delete && event.key().equals(this.place.key()));
	}

}
