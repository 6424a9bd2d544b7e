/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.cache;

import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;

import io.github.etcdspring.Backoff;
import io.github.etcdspring.EtcdException;
import io.github.etcdspring.EtcdTimeoutException;
import io.github.etcdspring.FailureDetails;
import io.github.etcdspring.HistoryResetException;
import io.github.etcdspring.internal.OwnSteps;
import io.github.etcdspring.Outcome;
import io.github.etcdspring.StatusCode;
import io.github.etcdspring.client.EtcdClient;
import org.jspecify.annotations.Nullable;

/**
 * Those who wait until a cache is at a revision. The watch tells of the revisions that
 * change the range, and is given a moment to do so. Of the others a read does that looks
 * through the whole range at the server: one at a time serves all who wait, and the next
 * comes the later the more were in vain. Progress notes of the watch would be cheaper,
 * but before etcd 3.4.25 and 3.5.8 they overtake events, and which version the member has
 * that serves the watch is not known. Thread-safe.
 */
final class RevisionWaits {

	/** So much later than an answer the watch tells the same, as a rule. */
	private static final Duration GRACE = Duration.ofMillis(10);

	private static final Backoff BACKOFF = new Backoff(Duration.ofMillis(20), 2, Duration.ofMillis(500), 0.5);

	/** The view for the library's own steps. */
	private final EtcdClient client;

	private final CacheContents contents;

	private final RevisionReads reads;

	/** Whether a read has shown the snapshot to be later than the watch knows. */
	private volatile boolean confirmed;

	/** How often a watch has begun, or gone on after a loss. */
	private final AtomicInteger beginnings = new AtomicInteger();

	/** Reads in a row that moved nothing; written by one step at a time. */
	private volatile int inVain;

	/** Guards the fields below. */
	private final ReentrantLock lock = new ReentrantLock();

	/** In the order of their coming. */
	private final Set<Wait> waits = new LinkedHashSet<>();

	/** Whether a read is under way, or will be. */
	private boolean asking;

	/** Why nobody waits any more. */
	private @Nullable EtcdException closed;

	RevisionWaits(EtcdClient client, CacheContents contents, RevisionReads reads) {
		this.client = client;
		this.contents = contents;
		this.reads = reads;
	}

	/**
	 * Waits for a revision.
	 * @return a future that completes with a snapshot that is as late, or is complete
	 */
	CompletableFuture<RangeSnapshot> await(long revision) {
		RangeSnapshot now = this.contents.reliable();
		if (now.revision() >= revision) {
			return CompletableFuture.completedFuture(now);
		}
		Wait wait = begin();
		await(wait, revision);
		return wait.future;
	}

	/** Waits for what is the present revision once the call has begun. */
	CompletableFuture<RangeSnapshot> present() {
		Wait wait = begin();
		this.reads.present().whenComplete((revision, failure) -> {
			if (failure != null) {
				wait.future.completeExceptionally(failure);
			}
			else {
				await(wait, revision);
			}
		});
		return wait.future;
	}

	/** One time for all that is done for who waits. */
	private Wait begin() {
		Wait wait = new Wait(this.client.ticker().nanoTime());
		Duration timeout = this.client.requestTimeout();
		Future<?> timer = OwnSteps.later(this.client, () -> timeUp(wait, timeout), timeout);
		wait.future.whenComplete((reached, failure) -> {
			timer.cancel(false);
			remove(wait);
		});
		return wait;
	}

	private void timeUp(Wait wait, Duration timeout) {
		String message = "the cache is at revision " + this.contents.snapshot().revision() + " after "
				+ timeout.toMillis() + " ms, not at " + ((wait.revision == 0) ? "the present one" : wait.revision);
		wait.future.completeExceptionally(new EtcdTimeoutException(
				new FailureDetails(message, null, StatusCode.DEADLINE_EXCEEDED, Outcome.NOT_APPLIED, true, null, 0),
				null));
	}

	private void await(Wait wait, long revision) {
		wait.revision = revision;
		boolean ask = false;
		EtcdException closed;
		this.lock.lock();
		try {
			closed = this.closed;
			if (closed == null && !wait.future.isDone()) {
				this.waits.add(wait);
				ask = !this.asking && this.contents.reliable().revision() < revision;
				this.asking |= ask;
			}
		}
		finally {
			this.lock.unlock();
		}
		if (closed != null) {
			fail(List.of(wait), closed);
			return;
		}
		reached();
		if (ask) {
			schedule(GRACE);
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

	private void ask() {
		Duration early = untilOldestIsDue();
		if (early == null) {
			this.inVain = 0;
		}
		else if (!early.isZero()) {
			schedule(early);
		}
		else if (this.contents.reliable().revision() == 0) {
			// the range is yet to be read, for the first time or anew
			askAgain(false);
		}
		else {
			confirm();
		}
	}

	private void confirm() {
		int beginnings = this.beginnings.get();
		this.reads.confirm().whenComplete((moved, failure) -> {
			if (failure == null) {
				reached();
			}
			else if (!(failure instanceof EtcdException etcd && etcd.isRetryable())) {
				fail(failure);
			}
			if (failure == null && moved) {
				this.confirmed = true;
				verifyIf(this.beginnings.get() != beginnings);
			}
			askAgain(failure == null && moved);
		});
	}

	/**
	 * Returns how long the watch has yet to tell what the oldest waits for; if nobody
	 * waits, nothing, and the next who does begins anew.
	 */
	private @Nullable Duration untilOldestIsDue() {
		this.lock.lock();
		try {
			this.asking = !this.waits.isEmpty();
			if (!this.asking) {
				return null;
			}
			long waited = this.client.ticker().nanoTime() - this.waits.iterator().next().sinceNanos;
			return Duration.ofNanos(Math.max(0, GRACE.toNanos() - waited));
		}
		finally {
			this.lock.unlock();
		}
	}

	private void askAgain(boolean moved) {
		int inVain = moved ? 0 : this.inVain + 1;
		this.inVain = inVain;
		schedule(moved ? GRACE : BACKOFF.delay(inVain));
	}

	private void schedule(Duration delay) {
		OwnSteps.later(this.client, this::ask, delay);
	}

	/**
	 * Takes the word that a watch has begun, or goes on after a loss. It cannot notice
	 * that the store was put back to a revision that is later than its own place, and
	 * earlier than one that was confirmed.
	 */
	void watched() {
		this.beginnings.incrementAndGet();
		verifyIf(this.confirmed);
	}

	private void verifyIf(boolean doubtful) {
		if (doubtful) {
			this.confirmed = false;
			verify(1);
		}
	}

	/** Until there is an answer: nobody else would notice. */
	private void verify(int attempt) {
		this.reads.present().whenComplete((revision, failure) -> {
			if (failure == null || failure instanceof HistoryResetException) {
				return;
			}
			this.confirmed = true;
			if (failure instanceof EtcdException etcd && etcd.isRetryable() && isOpen()) {
				OwnSteps.later(this.client, () -> verify(attempt + 1), BACKOFF.delay(attempt));
			}
		});
	}

	private boolean isOpen() {
		this.lock.lock();
		try {
			return this.closed == null;
		}
		finally {
			this.lock.unlock();
		}
	}

	/** Takes the word that there is another snapshot. */
	void reached() {
		RangeSnapshot now = this.contents.reliable();
		take((wait) -> wait.revision <= now.revision()).forEach((wait) -> wait.future.complete(now));
	}

	/** Lets nobody wait any more for what will not come. */
	void fail(Throwable failure) {
		fail(take((wait) -> true), failure);
	}

	private void fail(List<Wait> waits, Throwable failure) {
		waits.forEach((wait) -> wait.future.completeExceptionally(failure));
	}

	private List<Wait> take(Predicate<Wait> over) {
		this.lock.lock();
		try {
			List<Wait> taken = this.waits.stream().filter(over).toList();
			taken.forEach(this.waits::remove);
			return taken;
		}
		finally {
			this.lock.unlock();
		}
	}

	/** Lets nobody wait from here on. */
	void close(EtcdException cause) {
		this.lock.lock();
		try {
			this.closed = cause;
		}
		finally {
			this.lock.unlock();
		}
		fail(cause);
	}

	/** One who waits. */
	private static final class Wait {

		private final CompletableFuture<RangeSnapshot> future = new CompletableFuture<>();

		private final long sinceNanos;

		/** 0 as long as it is not known; written once. */
		private volatile long revision;

		Wait(long sinceNanos) {
			this.sinceNanos = sinceNanos;
		}

	}

}
