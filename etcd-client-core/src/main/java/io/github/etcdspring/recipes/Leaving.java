/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.recipes;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;

import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.KeyRange;
import io.github.etcdspring.KeyValue;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.internal.HandedOff;
import io.github.etcdspring.kv.DeleteRequest;
import io.github.etcdspring.kv.RangeRequest;
import io.github.etcdspring.kv.RangeRequest.SortTarget;
import io.github.etcdspring.kv.TxnResult;
import io.github.etcdspring.session.Ownership;
import io.github.etcdspring.watch.WatchEvent;
import io.github.etcdspring.watch.WatchRequest;
import org.jspecify.annotations.Nullable;

/**
 * How one party leaves a double barrier: the first that came waits until it is alone,
 * deletes the ready key and then its own; the others delete theirs and wait for the
 * first. One step at a time.
 */
final class Leaving {

	private final EtcdClient client;

	private final ByteSequence name;

	private final Ownership place;

	private volatile boolean closed;

	/** Whether the own key stood until its deletion was begun here. */
	private volatile boolean kept;

	/** What those who leave are told, once all have left. */
	private volatile @Nullable Boolean answer;

	Leaving(EtcdClient client, ByteSequence name, Ownership place) {
		this.client = client;
		this.name = name;
		this.place = place;
	}

	/** Returns what was told before. */
	Optional<Boolean> answer() {
		return Optional.ofNullable(this.answer);
	}

	CompletableFuture<TxnResult> look() {
		KeyRange waiters = KeyRange.prefix(this.name.concat("/waiters/"));
		return this.client.kv()
			.txn()
			.then(RangeRequest.of(KeyRange.key(this.place.key())),
					RangeRequest.builder(waiters).first(SortTarget.CREATE).keysOnly().build(),
					RangeRequest.builder(waiters).last(SortTarget.CREATE).keysOnly().build())
			.commitAsync();
	}

	Step<Boolean> next(TxnResult found) {
		Optional<KeyValue> first = found.range(1).first();
		if (first.isEmpty()) {
			return this.kept ? answerAsReleased() : answer(false);
		}
		KeyValue last = found.range(2).first().orElseThrow();
		boolean standing = found.range(0).first().filter(this::isOwn).isPresent();
		if (!standing) {
			return deletionOf(first.get(), found);
		}
		if (!isOwn(first.get())) {
			return leave();
		}
		if (!isOwn(last)) {
			return deletionOf(last, found);
		}
		return this.closed ? leave() : close();
	}

	private boolean isOwn(KeyValue kv) {
		return kv.createRevision() == this.place.token();
	}

	private static Step<Boolean> deletionOf(KeyValue other, TxnResult found) {
		return new Step.Await<>(WatchRequest.of(KeyRange.key(other.key())).withoutPuts().from(found.revision() + 1),
				WatchEvent.Delete.class::isInstance);
	}

	private Step<Boolean> leave() {
		this.kept = true;
		return new Step.Act<>(this::release, (deleted) -> Optional.empty());
	}

	private CompletableFuture<Boolean> release() {
		return HandedOff.direct(this.place.releaseAsync());
	}

	/** The wait that began the deletion may have been cancelled since. */
	private Step<Boolean> answerAsReleased() {
		return new Step.Act<>(this::release, (deleted) -> {
			this.answer = deleted;
			return Optional.of(deleted);
		});
	}

	private Step<Boolean> answer(boolean kept) {
		this.answer = kept;
		return new Step.Done<>(kept);
	}

	private Step<Boolean> close() {
		DeleteRequest ready = DeleteRequest.of(KeyRange.key(this.name.concat("/ready")));
		return new Step.Act<>(() -> this.client.kv().txn().when(this.place.guard()).then(ready).commitAsync(),
				(deleted) -> {
					this.closed = true;
					return Optional.empty();
				});
	}

}
