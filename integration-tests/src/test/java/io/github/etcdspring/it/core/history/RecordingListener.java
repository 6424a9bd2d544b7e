/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.core.history;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;

import io.github.etcdspring.EtcdException;
import io.github.etcdspring.watch.WatchBatch;
import io.github.etcdspring.watch.WatchEvent;
import io.github.etcdspring.watch.WatchListener;
import org.jspecify.annotations.Nullable;

import static org.awaitility.Awaitility.await;

/**
 * Writes down all that a watch tells. Thread-safe.
 */
public class RecordingListener implements WatchListener {

	/** Guards the field below; the listener's thread must not wait for the reader. */
	private final ReentrantLock lock = new ReentrantLock();

	private final List<List<WatchEvent>> calls = new ArrayList<>();

	private final List<WatchBatch.Snapshot> snapshots = new CopyOnWriteArrayList<>();

	private final AtomicLong lastRevision = new AtomicLong();

	private final AtomicLong progress = new AtomicLong();

	private final AtomicInteger disconnections = new AtomicInteger();

	private final AtomicInteger resumptions = new AtomicInteger();

	private final CountDownLatch closed = new CountDownLatch(1);

	private volatile @Nullable EtcdException cause;

	@Override
	public void onEvents(List<WatchEvent> events) {
		this.lock.lock();
		try {
			this.calls.add(events);
		}
		finally {
			this.lock.unlock();
		}
		this.lastRevision.set(events.get(events.size() - 1).revision());
	}

	@Override
	public void onSnapshot(WatchBatch.Snapshot snapshot) {
		this.snapshots.add(snapshot);
	}

	@Override
	public void onProgress(long revision) {
		this.progress.set(revision);
	}

	@Override
	public void onDisconnected() {
		this.disconnections.incrementAndGet();
	}

	@Override
	public void onResumed() {
		this.resumptions.incrementAndGet();
	}

	@Override
	public void onClosed(@Nullable EtcdException cause) {
		this.cause = cause;
		this.closed.countDown();
	}

	/**
	 * {@return the events of each call so far, in order}
	 */
	public List<List<WatchEvent>> calls() {
		this.lock.lock();
		try {
			return List.copyOf(this.calls);
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * {@return all events so far, in order}
	 */
	public List<WatchEvent> events() {
		return calls().stream().flatMap(List::stream).toList();
	}

	/**
	 * {@return the ranges that were read anew, in order}
	 */
	public List<WatchBatch.Snapshot> snapshots() {
		return List.copyOf(this.snapshots);
	}

	/**
	 * {@return the revision of the last progress note, 0 before the first}
	 */
	public long progress() {
		return this.progress.get();
	}

	/**
	 * {@return how often the connection was lost}
	 */
	public int disconnections() {
		return this.disconnections.get();
	}

	/**
	 * {@return how often the watch went on afterwards}
	 */
	public int resumptions() {
		return this.resumptions.get();
	}

	/**
	 * {@return whether the end has been told}
	 */
	public boolean isClosed() {
		return this.closed.getCount() == 0;
	}

	/**
	 * {@return why the watch ended, if it did by itself}
	 */
	public Optional<EtcdException> cause() {
		return Optional.ofNullable(this.cause);
	}

	/**
	 * Waits until an event of a revision, or of a later one, has been told.
	 * @param revision the revision
	 * @param timeout the longest wait
	 */
	public void awaitRevision(long revision, Duration timeout) {
		await().alias("event at " + revision)
			.pollDelay(Duration.ZERO)
			.pollInterval(Duration.ofMillis(5))
			.atMost(timeout)
			.until(() -> this.lastRevision.get() >= revision);
	}

	/**
	 * Waits for the end of the watch.
	 */
	public void awaitClosed() {
		await().alias("end of the watch").atMost(Duration.ofSeconds(20)).until(this::isClosed);
	}

}
