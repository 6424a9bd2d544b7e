/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

import io.github.etcdspring.EtcdException;
import io.github.etcdspring.watch.WatchBatch;
import io.github.etcdspring.watch.WatchEvent;
import io.github.etcdspring.watch.WatchListener;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A watch's listener that hands over to a subscriber what that requests. The watch is
 * opened when the subscriber has its subscription; the watch's delivery keeps the signals
 * after that in order, one at a time. Thread-safe.
 */
final class WatchSubscription implements Flow.Subscription, WatchListener {

	private static final Logger logger = LoggerFactory.getLogger(WatchSubscription.class);

	private final Flow.Subscriber<? super WatchBatch> subscriber;

	private final Executor executor;

	private final Function<WatchListener, CompletableFuture<Watcher>> opening;

	/** Guards the fields below; never held while the subscriber runs. */
	private final ReentrantLock lock = new ReentrantLock();

	private @Nullable CompletableFuture<Watcher> opened;

	private @Nullable Watcher watch;

	/** What was requested before the watch was open. */
	private long demand;

	/** What the subscriber did wrong. */
	private @Nullable Throwable misuse;

	/** Whether the subscriber is told nothing more. */
	private boolean over;

	WatchSubscription(Flow.Subscriber<? super WatchBatch> subscriber, Executor executor,
			Function<WatchListener, CompletableFuture<Watcher>> opening) {
		this.subscriber = Objects.requireNonNull(subscriber, "subscriber");
		this.executor = executor;
		this.opening = opening;
	}

	void begin() {
		this.executor.execute(() -> {
			try {
				this.subscriber.onSubscribe(this);
			}
			catch (Throwable ex) {
				logger.warn("a subscriber failed, its subscription is cancelled", ex);
				cancel();
			}
			open();
		});
	}

	private void open() {
		if (!isWanted()) {
			end(null);
			return;
		}
		CompletableFuture<Watcher> opened = this.opening.apply(this);
		boolean wanted;
		this.lock.lock();
		try {
			this.opened = opened;
			wanted = !this.over;
		}
		finally {
			this.lock.unlock();
		}
		if (!wanted) {
			opened.cancel(true);
		}
		opened.whenComplete((watch, failure) -> {
			if (failure != null) {
				this.executor.execute(() -> end(failure));
			}
			else {
				take(watch);
			}
		});
	}

	private boolean isWanted() {
		this.lock.lock();
		try {
			return !this.over && this.misuse == null;
		}
		finally {
			this.lock.unlock();
		}
	}

	private void take(Watcher watch) {
		boolean unwanted;
		this.lock.lock();
		try {
			this.watch = watch;
			this.opened = null;
			unwanted = this.over || this.misuse != null;
			if (!unwanted && this.demand > 0) {
				watch.request(this.demand);
			}
		}
		finally {
			this.lock.unlock();
		}
		if (unwanted) {
			watch.close();
		}
	}

	@Override
	public void request(long n) {
		Watcher refused = null;
		this.lock.lock();
		try {
			if (n <= 0) {
				this.misuse = StreamDemand.notAboveZero(n);
				refused = this.watch;
			}
			else if (this.watch != null) {
				this.watch.request(n);
			}
			else {
				this.demand = (n > Long.MAX_VALUE - this.demand) ? Long.MAX_VALUE : this.demand + n;
			}
		}
		finally {
			this.lock.unlock();
		}
		if (refused != null) {
			refused.close();
		}
	}

	@Override
	public void cancel() {
		Watcher watch;
		CompletableFuture<Watcher> opened;
		this.lock.lock();
		try {
			this.over = true;
			watch = this.watch;
			opened = this.opened;
		}
		finally {
			this.lock.unlock();
		}
		if (watch != null) {
			watch.close();
		}
		else if (opened != null) {
			opened.cancel(true);
		}
	}

	@Override
	public void onEvents(List<WatchEvent> events) {
		next(new WatchBatch.Events(events));
	}

	@Override
	public void onSnapshot(WatchBatch.Snapshot snapshot) {
		next(snapshot);
	}

	private void next(WatchBatch batch) {
		if (isWanted()) {
			this.subscriber.onNext(batch);
		}
	}

	/** A subscriber that throws has cancelled. */
	@Override
	public boolean goesOnAfter(Throwable failure) {
		cancel();
		return false;
	}

	@Override
	public void onClosed(@Nullable EtcdException cause) {
		end((cause != null) ? cause : PulledWatch.closedClient());
	}

	private void end(@Nullable Throwable cause) {
		Throwable reason;
		this.lock.lock();
		try {
			reason = this.over ? null : (this.misuse != null) ? this.misuse : cause;
			this.over = true;
		}
		finally {
			this.lock.unlock();
		}
		if (reason != null) {
			this.subscriber.onError(reason);
		}
	}

}
