/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.internal;

import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;

import io.github.etcdspring.EtcdException;
import io.github.etcdspring.watch.Watch;
import io.github.etcdspring.watch.WatchClient;
import io.github.etcdspring.watch.WatchEvent;
import io.github.etcdspring.watch.WatchListener;
import io.github.etcdspring.watch.WatchRequest;
import org.jspecify.annotations.Nullable;

/**
 * Waits for one event of a watch and says once that it was seen, or else that the watch
 * ended by itself: why, whoever waits finds out by looking. It is said where the watch's
 * listener is called. Thread-safe.
 */
public final class EventWait implements WatchListener {

	private final Predicate<WatchEvent> awaited;

	private final Runnable seen;

	private final Runnable ended;

	private final AtomicBoolean over = new AtomicBoolean();

	private volatile @Nullable Watch watch;

	/**
	 * Makes a wait that has not begun.
	 * @param awaited tells the event from others
	 * @param seen what follows it
	 * @param ended what follows the end of the watch without it
	 */
	public EventWait(Predicate<WatchEvent> awaited, Runnable seen, Runnable ended) {
		this.awaited = awaited;
		this.seen = seen;
		this.ended = ended;
	}

	/**
	 * Begins the wait.
	 * @param client opens the watch
	 * @param request what to watch, and from which revision
	 */
	public void open(WatchClient client, WatchRequest request) {
		client.openAsync(request, this).whenComplete((watch, failure) -> {
			if (failure != null) {
				finish(this.ended);
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
		if (events.stream().anyMatch(this.awaited)) {
			finish(this.seen);
		}
	}

	@Override
	public void onClosed(@Nullable EtcdException cause) {
		finish(this.ended);
	}

	private void finish(Runnable continuation) {
		if (this.over.compareAndSet(false, true)) {
			closeWatch();
			continuation.run();
		}
	}

	/**
	 * Gives the wait up: nothing more is said.
	 */
	public void close() {
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
