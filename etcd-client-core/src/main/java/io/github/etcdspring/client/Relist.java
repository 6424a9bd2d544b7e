/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;

import io.github.etcdspring.CompactedException;
import io.github.etcdspring.EtcdException;
import io.github.etcdspring.FailureDetails;
import io.github.etcdspring.EtcdServerException;
import io.github.etcdspring.Scheduler;
import io.github.etcdspring.StatusCode;
import io.github.etcdspring.watch.WatchBatch;
import io.grpc.SynchronizationContext;
import org.jspecify.annotations.Nullable;

/**
 * Reads the ranges of watches that lost events anew, each until that works or is refused
 * for good. Confined to the context.
 */
final class Relist {

	private final SynchronizationContext context;

	private final Scheduler scheduler;

	private final BiConsumer<Watcher, WatchBatch.Snapshot> done;

	private final BiConsumer<Watcher, EtcdException> refused;

	Relist(SynchronizationContext context, Scheduler scheduler, BiConsumer<Watcher, WatchBatch.Snapshot> done,
			BiConsumer<Watcher, EtcdException> refused) {
		this.context = context;
		this.scheduler = scheduler;
		this.done = done;
		this.refused = refused;
	}

	void begin(Watcher watcher) {
		read(watcher, 0);
	}

	private void read(Watcher watcher, int failures) {
		CompletableFuture<WatchBatch.Snapshot> reading = watcher.reads().snapshot();
		watcher.relisting(reading);
		reading.whenComplete(
				(snapshot, failure) -> this.context.execute(() -> ended(watcher, snapshot, failure, failures)));
	}

	private void ended(Watcher watcher, WatchBatch.@Nullable Snapshot snapshot, @Nullable Throwable failure,
			int failures) {
		if (watcher.state() != WatcherState.RELISTING) {
			return;
		}
		if (snapshot != null) {
			this.done.accept(watcher, snapshot);
		}
		else if (failure instanceof EtcdException etcd && (etcd.isRetryable() || etcd instanceof CompactedException)) {
			this.scheduler.schedule(() -> this.context.execute(() -> {
				if (watcher.state() == WatcherState.RELISTING) {
					read(watcher, failures + 1);
				}
			}), StreamLosses.BACKOFF.delay(failures + 1));
		}
		else {
			this.refused.accept(watcher,
					(failure instanceof EtcdException etcd) ? etcd : new EtcdServerException(
							FailureDetails.local("the range could not be read anew: " + failure, StatusCode.INTERNAL),
							failure));
		}
	}

}
