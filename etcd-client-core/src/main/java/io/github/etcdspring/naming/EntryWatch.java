/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.naming;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.CompactedException;
import io.github.etcdspring.EtcdClosedException;
import io.github.etcdspring.EtcdException;
import io.github.etcdspring.HistoryResetException;
import io.github.etcdspring.internal.OwnSteps;
import io.github.etcdspring.KeyRange;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.watch.Watch;
import io.github.etcdspring.watch.WatchEvent;
import io.github.etcdspring.watch.WatchListener;
import io.github.etcdspring.watch.WatchRequest;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows an entry that was written, to hear when nothing is known of it any more: the
 * cluster was put back to a backup, which may have the lease and not the entry, or what
 * happened to it is compacted. The first event ends it: then the lease has ended, or the
 * entry is another hand's.
 */
final class EntryWatch implements WatchListener {

	/** After a watch that etcd does not let go on. */
	private static final Duration PAUSE = Duration.ofSeconds(10);

	private static final Logger logger = LoggerFactory.getLogger(EntryWatch.class);

	private final EtcdClient client;

	private final ByteSequence key;

	private final Consumer<EntryWatch> lost;

	private volatile @Nullable CompletableFuture<Watch> watch;

	private volatile boolean closed;

	EntryWatch(EtcdClient client, ByteSequence key, Consumer<EntryWatch> lost) {
		this.client = client;
		this.key = key;
		this.lost = lost;
	}

	/** Opens it; {@code revision} is one at which the entry was as it is known. */
	void open(long revision) {
		CompletableFuture<Watch> opening = this.client.watch()
			.openAsync(WatchRequest.of(KeyRange.key(this.key)).from(revision + 1), this);
		this.watch = opening;
		opening.whenComplete((watch, failure) -> {
			if (failure != null) {
				over(failure);
			}
		});
		if (this.closed) {
			close();
		}
	}

	void close() {
		this.closed = true;
		CompletableFuture<Watch> watch = this.watch;
		if (watch != null && !watch.cancel(false)) {
			watch.thenAccept(Watch::close);
		}
	}

	@Override
	public void onEvents(List<WatchEvent> events) {
		close();
	}

	@Override
	public void onClosed(@Nullable EtcdException cause) {
		if (cause != null) {
			over(cause);
		}
	}

	private void over(Throwable failure) {
		if (this.closed || failure instanceof EtcdClosedException) {
			return;
		}
		if (failure instanceof CompactedException || failure instanceof HistoryResetException) {
			this.lost.accept(this);
			return;
		}
		logger.debug("{} is not watched for now", this.key, failure);
		OwnSteps.later(this.client, () -> this.lost.accept(this), PAUSE);
	}

}
