/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.cache;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/**
 * One read for all who ask at the same time. While one is under way, whoever asks shares
 * the next, which begins when that has ended: each gets what was read after it had asked,
 * and there is never more than one under way and one to come. Thread-safe.
 *
 * @param <T> what is read
 */
final class JoinedReads<T> {

	private final Supplier<CompletableFuture<T>> read;

	/** Guards the fields below. */
	private final ReentrantLock lock = new ReentrantLock();

	private boolean underWay;

	private @Nullable CompletableFuture<T> next;

	/**
	 * Makes reads that are shared.
	 * @param read begins a read; its future may complete anywhere
	 */
	JoinedReads(Supplier<CompletableFuture<T>> read) {
		this.read = read;
	}

	/**
	 * Asks for a read.
	 * @return what others share: not to be cancelled, nor held up
	 */
	CompletableFuture<T> join() {
		CompletableFuture<T> joined;
		boolean begins;
		this.lock.lock();
		try {
			if (this.next == null) {
				this.next = new CompletableFuture<>();
			}
			joined = this.next;
			begins = !this.underWay;
			this.underWay = true;
		}
		finally {
			this.lock.unlock();
		}
		if (begins) {
			begin();
		}
		return joined;
	}

	private void begin() {
		CompletableFuture<T> batch = takeNext();
		if (batch == null) {
			return;
		}
		this.read.get().whenComplete((result, failure) -> {
			begin();
			if (failure != null) {
				batch.completeExceptionally(failure);
			}
			else {
				batch.complete(result);
			}
		});
	}

	/** Returns who shares the read that begins; nobody ends the row. */
	private @Nullable CompletableFuture<T> takeNext() {
		this.lock.lock();
		try {
			CompletableFuture<T> batch = this.next;
			this.next = null;
			this.underWay = batch != null;
			return batch;
		}
		finally {
			this.lock.unlock();
		}
	}

}
