/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;

import io.github.etcdspring.KeyRange;
import io.github.etcdspring.KeyValue;
import io.github.etcdspring.kv.RangePage;
import io.github.etcdspring.kv.RangeRequest;
import io.github.etcdspring.kv.RangeResult;
import io.github.etcdspring.watch.WatchBatch;

/**
 * The reads that a watch needs besides its stream. Futures complete on the connection's
 * thread.
 */
final class WatchReads {

	private final GrpcKvClient kv;

	private final KeyRange range;

	WatchReads(GrpcKvClient kv, KeyRange range) {
		this.kv = kv;
		this.range = range;
	}

	/**
	 * Reads the store's revision, linearizable; counting one key of the range needs no
	 * right beyond the watch's.
	 */
	CompletableFuture<RangeResult> presentRevision() {
		return this.kv.callGet(RangeRequest.builder(KeyRange.key(this.range.start())).countOnly().build());
	}

	/** Reads the range at one revision; cancelling ends the read. */
	CompletableFuture<WatchBatch.Snapshot> snapshot() {
		Collector collector = new Collector();
		this.kv.callPages(RangeRequest.of(this.range)).subscribe(collector, Runnable::run);
		return collector.snapshot;
	}

	/** Puts the pages together; called where they come. */
	private static final class Collector implements Flow.Subscriber<RangePage> {

		private final CompletableFuture<WatchBatch.Snapshot> snapshot = new CompletableFuture<>();

		private final List<KeyValue> kvs = new ArrayList<>();

		private long revision;

		@Override
		public void onSubscribe(Flow.Subscription subscription) {
			this.snapshot.whenComplete((snapshot, failure) -> {
				if (this.snapshot.isCancelled()) {
					subscription.cancel();
				}
			});
			subscription.request(Long.MAX_VALUE);
		}

		@Override
		public void onNext(RangePage page) {
			this.revision = page.revision();
			this.kvs.addAll(page.kvs());
		}

		@Override
		public void onError(Throwable failure) {
			this.snapshot.completeExceptionally(failure);
		}

		@Override
		public void onComplete() {
			this.snapshot.complete(new WatchBatch.Snapshot(this.revision, this.kvs));
		}

	}

}
