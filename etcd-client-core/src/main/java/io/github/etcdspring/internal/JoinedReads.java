/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.internal;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

import io.github.etcdspring.Scheduler;
import org.jspecify.annotations.Nullable;

/**
 * One read for all who ask at the same time. While one is under way, whoever asks shares
 * the next, which begins when that has ended, or has taken longer than most: each gets
 * what was read after it had asked, and is held up by no member that hangs. Thread-safe.
 *
 * @param <T> what is read
 */
public final class JoinedReads<T> {

	/** So long the next waits for the one under way. */
	static final Duration PATIENCE = Duration.ofMillis(50);

	private final Supplier<CompletableFuture<T>> read;

	private final Scheduler scheduler;

	/** Guards the fields below, and those of batches. */
	private final ReentrantLock lock = new ReentrantLock();

	/** Those whose read the next waits for. */
	private @Nullable Batch underWay;

	private @Nullable Batch next;

	/**
	 * Makes reads that are shared.
	 * @param read begins a read; its future may complete anywhere
	 * @param scheduler limits the wait for a read that is slow
	 */
	public JoinedReads(Supplier<CompletableFuture<T>> read, Scheduler scheduler) {
		this.read = read;
		this.scheduler = scheduler;
	}

	/**
	 * Asks for a read.
	 * @return what others share: not to be held up. Who cancels it leaves it; it is
	 * cancelled when all have left.
	 */
	public CompletableFuture<T> join() {
		Batch joined;
		Batch before;
		boolean first;
		this.lock.lock();
		try {
			before = this.underWay;
			Batch waiting = this.next;
			first = waiting == null;
			joined = (waiting != null) ? waiting : new Batch();
			joined.members++;
			if (before == null) {
				this.underWay = joined;
			}
			else {
				this.next = joined;
			}
		}
		finally {
			this.lock.unlock();
		}
		if (before == null) {
			begin(joined);
		}
		else if (first) {
			this.scheduler.schedule(() -> goOnAfter(before), PATIENCE);
		}
		return joined;
	}

	private void begin(Batch batch) {
		CompletableFuture<T> read;
		try {
			read = this.read.get();
		}
		catch (Throwable ex) {
			// whoever shares it is to be told
			read = CompletableFuture.failedFuture(ex);
		}
		if (!isWanted(batch, read)) {
			read.cancel(true);
		}
		read.whenComplete((result, failure) -> {
			try {
				goOnAfter(batch);
			}
			finally {
				batch.told(result, failure);
			}
		});
	}

	/** Takes note of the read of a batch; all may have left it before. */
	private boolean isWanted(Batch batch, CompletableFuture<T> read) {
		this.lock.lock();
		try {
			batch.read = read;
			return batch.members > 0;
		}
		finally {
			this.lock.unlock();
		}
	}

	/** Begins the next read, unless that was done. */
	private void goOnAfter(Batch batch) {
		Batch following;
		this.lock.lock();
		try {
			if (this.underWay != batch) {
				return;
			}
			following = this.next;
			this.next = null;
			this.underWay = following;
		}
		finally {
			this.lock.unlock();
		}
		if (following != null) {
			begin(following);
		}
	}

	/** Those who share a read. */
	private final class Batch extends CompletableFuture<T> {

		/** How many have not left. */
		private int members;

		private @Nullable CompletableFuture<T> read;

		void told(@Nullable T result, @Nullable Throwable failure) {
			if (failure != null) {
				completeExceptionally(failure);
			}
			else {
				complete(result);
			}
		}

		@Override
		public boolean cancel(boolean mayInterruptIfRunning) {
			CompletableFuture<T> unwanted;
			JoinedReads.this.lock.lock();
			try {
				if (--this.members > 0) {
					return false;
				}
				unwanted = this.read;
				if (JoinedReads.this.next == this) {
					JoinedReads.this.next = null;
				}
			}
			finally {
				JoinedReads.this.lock.unlock();
			}
			if (unwanted != null) {
				unwanted.cancel(mayInterruptIfRunning);
			}
			return super.cancel(mayInterruptIfRunning);
		}

	}

}
