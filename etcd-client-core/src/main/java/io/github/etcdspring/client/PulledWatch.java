/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.time.Duration;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

import io.github.etcdspring.EtcdCancelledException;
import io.github.etcdspring.EtcdClosedException;
import io.github.etcdspring.EtcdException;
import io.github.etcdspring.FailureDetails;
import io.github.etcdspring.StatusCode;
import io.github.etcdspring.watch.WatchBatch;
import io.github.etcdspring.watch.WatchEvent;
import io.github.etcdspring.watch.WatchIterator;
import io.github.etcdspring.watch.WatchListener;
import org.jspecify.annotations.Nullable;

/**
 * A watch's listener that asks for one batch at a time and holds it for the thread that
 * waits for it.
 */
final class PulledWatch implements WatchIterator, WatchListener {

	/** Guards the fields below. */
	private final ReentrantLock lock = new ReentrantLock();

	private final Condition changed = this.lock.newCondition();

	private @Nullable Watcher watch;

	private @Nullable WatchBatch ready;

	/** Whether the watch owes a batch. */
	private boolean asked;

	private boolean closed;

	/** Why the watch ended, unless it was closed. */
	private @Nullable EtcdException end;

	/** Takes the watch to ask; before anything else. */
	WatchIterator of(Watcher watch) {
		this.lock.lock();
		try {
			this.watch = watch;
		}
		finally {
			this.lock.unlock();
		}
		return this;
	}

	@Override
	public boolean hasNext() {
		this.lock.lock();
		try {
			while (isAwaited()) {
				this.changed.await();
			}
			return this.ready != null;
		}
		catch (InterruptedException ex) {
			throw interrupted(ex);
		}
		finally {
			this.lock.unlock();
		}
	}

	@Override
	public WatchBatch next() {
		this.lock.lock();
		try {
			if (!hasNext()) {
				throw new NoSuchElementException("the watch is closed");
			}
			return take();
		}
		finally {
			this.lock.unlock();
		}
	}

	@Override
	public Optional<WatchBatch> next(Duration timeout) {
		this.lock.lock();
		try {
			long left = TimeUnit.NANOSECONDS.convert(timeout);
			while (isAwaited()) {
				if (left <= 0) {
					return Optional.empty();
				}
				left = this.changed.awaitNanos(left);
			}
			if (this.ready == null) {
				throw new NoSuchElementException("the watch is closed");
			}
			return Optional.of(take());
		}
		catch (InterruptedException ex) {
			throw interrupted(ex);
		}
		finally {
			this.lock.unlock();
		}
	}

	/** Whether a batch may come; asks for it then. */
	private boolean isAwaited() {
		if (this.ready != null || this.closed) {
			return false;
		}
		if (this.end != null) {
			throw this.end.copy();
		}
		if (!this.asked) {
			this.asked = true;
			Objects.requireNonNull(this.watch).request(1);
		}
		return true;
	}

	private WatchBatch take() {
		WatchBatch taken = Objects.requireNonNull(this.ready);
		this.ready = null;
		return taken;
	}

	private static EtcdCancelledException interrupted(InterruptedException cause) {
		Thread.currentThread().interrupt();
		return PulledStream.cancelled("the thread was interrupted while it waited for events", cause);
	}

	@Override
	public void close() {
		Watcher watch;
		this.lock.lock();
		try {
			this.closed = true;
			this.ready = null;
			watch = this.watch;
			this.changed.signalAll();
		}
		finally {
			this.lock.unlock();
		}
		Objects.requireNonNull(watch).close();
	}

	@Override
	public void onEvents(List<WatchEvent> events) {
		hold(new WatchBatch.Events(events));
	}

	@Override
	public void onSnapshot(WatchBatch.Snapshot snapshot) {
		hold(snapshot);
	}

	private void hold(WatchBatch batch) {
		this.lock.lock();
		try {
			if (!this.closed) {
				this.ready = batch;
				this.asked = false;
				this.changed.signalAll();
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	@Override
	public void onClosed(@Nullable EtcdException cause) {
		this.lock.lock();
		try {
			this.end = (cause != null) ? cause : closedClient();
			this.changed.signalAll();
		}
		finally {
			this.lock.unlock();
		}
	}

	/** The watch's owner knows that it closed it. */
	static EtcdClosedException closedClient() {
		return new EtcdClosedException(
				FailureDetails.local("the watch ended: the client is closed", StatusCode.CANCELLED), null);
	}

}
