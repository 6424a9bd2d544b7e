/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.mirror;

import java.util.List;
import java.util.concurrent.CompletableFuture;

import io.github.etcdspring.kv.RangePage;
import io.github.etcdspring.watch.WatchEvent;

/**
 * Hands the copy to a consumer, in the calling thread.
 */
final class ConsumerSink implements MirrorSink {

	private static final CompletableFuture<Void> DONE = CompletableFuture.completedFuture(null);

	private final MirrorConsumer consumer;

	private volatile boolean closed;

	ConsumerSink(MirrorConsumer consumer) {
		this.consumer = consumer;
	}

	@Override
	public CompletableFuture<Void> begin(long revision) {
		return call(() -> this.consumer.onBaseBegin(revision));
	}

	@Override
	public CompletableFuture<Void> page(RangePage page) {
		return call(() -> this.consumer.onBase(page.kvs()));
	}

	@Override
	public CompletableFuture<Void> end(long revision) {
		return call(() -> this.consumer.onBaseEnd(revision));
	}

	@Override
	public CompletableFuture<Void> resume() {
		return DONE;
	}

	@Override
	public CompletableFuture<Void> changes(long revision, List<WatchEvent> events) {
		return call(() -> this.consumer.onChanges(revision, events));
	}

	private CompletableFuture<Void> call(Runnable call) {
		if (this.closed) {
			return CompletableFuture.failedFuture(Mirror.closedException());
		}
		try {
			call.run();
			return DONE;
		}
		catch (Throwable ex) {
			// the end of the mirror, whatever it is
			return CompletableFuture.failedFuture(new ConsumerFailure(ex));
		}
	}

	@Override
	public CompletableFuture<Void> close() {
		this.closed = true;
		return DONE;
	}

}
