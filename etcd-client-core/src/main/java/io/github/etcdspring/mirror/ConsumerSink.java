/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.mirror;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

import io.github.etcdspring.kv.RangePage;
import io.github.etcdspring.watch.WatchEvent;

/**
 * Hands the copy to a consumer, on the executor of users.
 */
final class ConsumerSink implements MirrorSink {

	private static final CompletableFuture<Void> DONE = CompletableFuture.completedFuture(null);

	private final Executor users;

	private final MirrorConsumer consumer;

	private volatile boolean closed;

	ConsumerSink(Executor users, MirrorConsumer consumer) {
		this.users = users;
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
		CompletableFuture<Void> taken = new CompletableFuture<>();
		this.users.execute(() -> {
			if (this.closed) {
				taken.completeExceptionally(Mirror.closedException());
				return;
			}
			try {
				call.run();
				taken.complete(null);
			}
			catch (Throwable ex) {
				// the end of the mirror, whatever it is
				taken.completeExceptionally(new ConsumerFailure(ex));
			}
		});
		return taken;
	}

	@Override
	public CompletableFuture<Void> close() {
		this.closed = true;
		return DONE;
	}

}
