/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.cache;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

import io.github.etcdspring.EtcdException;
import io.github.etcdspring.EtcdTimeoutException;
import io.github.etcdspring.FailureDetails;
import io.github.etcdspring.HistoryResetException;
import io.github.etcdspring.KeyRange;
import io.github.etcdspring.Outcome;
import io.github.etcdspring.StatusCode;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.kv.RangeRequest;
import io.github.etcdspring.kv.RangeResult;
import org.jspecify.annotations.Nullable;

/**
 * Those who wait until a cache is at a revision. The watch tells of the revisions that
 * change the range; of the others a read does: if no key has changed since the snapshot
 * and there are as many as in it, the snapshot is what the range holds at the revision of
 * the read. Progress notes of the watch would be cheaper, but before etcd 3.4.25 and
 * 3.5.8 they overtake events. One read serves all who wait. Thread-safe.
 */
final class RevisionWaits {

	/** Between two reads, unless the watch tells first. */
	private static final Duration PAUSE = Duration.ofMillis(50);

	private final EtcdClient client;

	private final KeyRange range;

	private final AtomicReference<RangeSnapshot> snapshot;

	/** Takes the word that the store was put back. */
	private final Consumer<HistoryResetException> putBack;

	/** Whether a read has shown the snapshot to be later than the watch knows. */
	private volatile boolean confirmed;

	/** Guards the fields below. */
	private final ReentrantLock lock = new ReentrantLock();

	private final List<Wait> waits = new ArrayList<>();

	/** Whether a read is under way, or will be. */
	private boolean asking;

	/** Why nobody waits any more. */
	private @Nullable EtcdException closed;

	RevisionWaits(EtcdClient client, KeyRange range, AtomicReference<RangeSnapshot> snapshot,
			Consumer<HistoryResetException> putBack) {
		this.client = client;
		this.range = range;
		this.snapshot = snapshot;
		this.putBack = putBack;
	}

	/**
	 * Waits for a revision.
	 * @return a future that completes with a snapshot that is as late, on the client's
	 * callback executor or at once
	 */
	CompletableFuture<RangeSnapshot> await(long revision) {
		RangeSnapshot now = this.snapshot.get();
		if (now.revision() >= revision) {
			return CompletableFuture.completedFuture(now);
		}
		Wait wait = new Wait(revision, new CompletableFuture<>());
		Duration timeout = this.client.requestTimeout();
		Future<?> timer = this.client.scheduler()
			.schedule(() -> this.client.callbackExecutor().execute(() -> timeUp(wait, timeout)), timeout);
		wait.future().whenComplete((reached, failure) -> {
			timer.cancel(false);
			remove(wait);
		});
		add(wait);
		return wait.future();
	}

	/** Waits for what is the present revision once the call has begun. */
	CompletableFuture<RangeSnapshot> present() {
		RangeSnapshot asked = this.snapshot.get();
		CompletableFuture<RangeSnapshot> present = new CompletableFuture<>();
		CompletableFuture<RangeResult> read = this.client.kv().getAsync(changedSince(asked));
		read.whenComplete((changed, failure) -> {
			if (failure != null) {
				present.completeExceptionally(failure);
				return;
			}
			HistoryResetException reset = confirm(asked, changed);
			if (reset != null) {
				present.completeExceptionally(reset);
				return;
			}
			reached();
			CompletableFuture<RangeSnapshot> waiting = await(changed.revision());
			waiting.whenComplete((reached, late) -> complete(present, reached, late));
			cancelWith(present, waiting);
		});
		cancelWith(present, read);
		return present;
	}

	private static HistoryResetException reset(RangeSnapshot asked, RangeResult changed) {
		String message = "the cluster was put back, to revision " + changed.revision() + " from " + asked.revision();
		return new HistoryResetException(FailureDetails.local(message, StatusCode.DATA_LOSS), asked.revision(),
				changed.revision(), null);
	}

	private static <T> void complete(CompletableFuture<T> future, T result, @Nullable Throwable failure) {
		if (failure != null) {
			future.completeExceptionally(failure);
		}
		else {
			future.complete(result);
		}
	}

	private static void cancelWith(CompletableFuture<?> outer, CompletableFuture<?> inner) {
		outer.whenComplete((result, failure) -> {
			if (outer.isCancelled()) {
				inner.cancel(true);
			}
		});
	}

	private void add(Wait wait) {
		boolean ask = false;
		EtcdException closed;
		this.lock.lock();
		try {
			closed = this.closed;
			if (closed == null) {
				this.waits.add(wait);
				ask = !this.asking;
				this.asking = true;
			}
		}
		finally {
			this.lock.unlock();
		}
		if (closed != null) {
			wait.future().completeExceptionally(closed);
		}
		else if (ask) {
			ask();
		}
	}

	private void remove(Wait wait) {
		this.lock.lock();
		try {
			this.waits.remove(wait);
		}
		finally {
			this.lock.unlock();
		}
	}

	private void timeUp(Wait wait, Duration timeout) {
		String message = "the cache is at revision " + this.snapshot.get().revision() + " after " + timeout.toMillis()
				+ " ms, not at " + wait.revision();
		wait.future()
			.completeExceptionally(new EtcdTimeoutException(
					new FailureDetails(message, null, StatusCode.DEADLINE_EXCEEDED, Outcome.NOT_APPLIED, true, null, 0),
					null));
	}

	private void ask() {
		if (!isAwaited()) {
			return;
		}
		RangeSnapshot asked = this.snapshot.get();
		if (asked.revision() == 0) {
			// the first read of all is still under way
			askLater();
			return;
		}
		this.client.kv().getAsync(changedSince(asked)).whenComplete((changed, failure) -> {
			if (failure == null) {
				confirm(asked, changed);
				reached();
				askLater();
			}
			else if (failure instanceof EtcdException etcd && etcd.isRetryable()) {
				askLater();
			}
			else {
				failAll(failure);
			}
		});
	}

	/** Whether a read is wanted; if not, the next who waits begins anew. */
	private boolean isAwaited() {
		this.lock.lock();
		try {
			this.asking = !this.waits.isEmpty();
			return this.asking;
		}
		finally {
			this.lock.unlock();
		}
	}

	private void askLater() {
		if (isAwaited()) {
			this.client.scheduler().schedule(() -> this.client.callbackExecutor().execute(this::ask), PAUSE);
		}
	}

	/** Asks for one key that has changed, and for the number of all. */
	private RangeRequest changedSince(RangeSnapshot asked) {
		return RangeRequest.builder(this.range).minModRevision(asked.revision() + 1).keysOnly().limit(1).build();
	}

	/**
	 * Takes the answer: what was put since and stands, or was deleted of the snapshot,
	 * would show.
	 * @return the reset of the history, if the answer shows one
	 */
	private @Nullable HistoryResetException confirm(RangeSnapshot asked, RangeResult changed) {
		if (changed.revision() < asked.revision()) {
			HistoryResetException reset = reset(asked, changed);
			this.putBack.accept(reset);
			return reset;
		}
		if (asked.revision() > 0 && changed.kvs().isEmpty() && changed.count() == asked.size()
				&& changed.revision() > asked.revision()
				&& this.snapshot.compareAndSet(asked, asked.at(changed.revision()))) {
			this.confirmed = true;
		}
		return null;
	}

	/**
	 * Takes the word that the watch goes on after a loss. It cannot notice that the store
	 * was put back to a revision that is later than its own place, and earlier than one
	 * that was confirmed.
	 */
	void resumed() {
		if (this.confirmed) {
			this.confirmed = false;
			present();
		}
	}

	/** Takes the word that there is another snapshot. */
	void reached() {
		RangeSnapshot now = this.snapshot.get();
		List<Wait> over;
		this.lock.lock();
		try {
			over = this.waits.stream().filter((wait) -> wait.revision() <= now.revision()).toList();
		}
		finally {
			this.lock.unlock();
		}
		over.forEach((wait) -> wait.future().complete(now));
	}

	/** Lets nobody wait any more. */
	void close(EtcdException cause) {
		this.lock.lock();
		try {
			this.closed = cause;
		}
		finally {
			this.lock.unlock();
		}
		this.client.callbackExecutor().execute(() -> failAll(cause));
	}

	private void failAll(Throwable failure) {
		List<Wait> all;
		this.lock.lock();
		try {
			all = List.copyOf(this.waits);
			this.asking = false;
		}
		finally {
			this.lock.unlock();
		}
		all.forEach((wait) -> wait.future().completeExceptionally(failure));
	}

	/** One who waits. */
	private record Wait(long revision, CompletableFuture<RangeSnapshot> future) {

	}

}
