/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.session;

import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.EtcdException;
import io.github.etcdspring.watch.Watch;
import io.github.etcdspring.watch.WatchClient;
import io.github.etcdspring.watch.WatchEvent;
import io.github.etcdspring.watch.WatchListener;
import io.github.etcdspring.watch.WatchRequest;
import org.jspecify.annotations.Nullable;

/**
 * Waits for the deletion of one of some keys, then says so once. Says so, too, when the
 * watch ends by itself: whoever is told looks for himself.
 */
final class PredecessorWatch implements WatchListener {

	private final Set<ByteSequence> keys;

	private final Runnable continuation;

	private final AtomicBoolean over = new AtomicBoolean();

	private volatile @Nullable Watch watch;

	PredecessorWatch(Set<ByteSequence> keys, Runnable continuation) {
		this.keys = keys;
		this.continuation = continuation;
	}

	/** Opens the watch of a range that holds the keys. */
	void open(WatchClient client, WatchRequest range) {
		client.openAsync(range, this).whenComplete((watch, failure) -> {
			if (failure != null) {
				finish();
				return;
			}
			this.watch = watch;
			if (this.over.get()) {
				watch.close();
			}
		});
	}

	@Override
	public void onEvents(List<WatchEvent> events) {
		if (events.stream().anyMatch(this::isAwaited)) {
			finish();
		}
	}

	private boolean isAwaited(WatchEvent event) {
		return event instanceof WatchEvent.Delete && this.keys.contains(event.key());
	}

	@Override
	public void onClosed(@Nullable EtcdException cause) {
		finish();
	}

	private void finish() {
		if (this.over.compareAndSet(false, true)) {
			closeWatch();
			this.continuation.run();
		}
	}

	/** Stops waiting without saying so. */
	void close() {
		this.over.set(true);
		closeWatch();
	}

	private void closeWatch() {
		Watch watch = this.watch;
		if (watch != null) {
			watch.close();
		}
	}

}
