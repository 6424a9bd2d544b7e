/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;

import io.github.etcdspring.kv.RangeResult;
import org.jspecify.annotations.Nullable;

/**
 * Reads of the store's present revision, shared by watches that are opened at the same
 * time. There is one read at a time: who asks while it is under way may have asked after
 * it was answered, and waits for the next. Only for a client without a user: it may read
 * any key, or none. Futures complete on the connection's thread. Thread-safe.
 */
final class PresentRevisions {

	/** Guards the fields below. */
	private final ReentrantLock lock = new ReentrantLock();

	/** Those who wait for the next read. */
	private List<Waiting> waiting = new ArrayList<>();

	private boolean underWay;

	/**
	 * Asks for a revision that is read from now on.
	 * @param reads may be used for it
	 */
	CompletableFuture<RangeResult> next(WatchReads reads) {
		Waiting next = new Waiting(reads);
		boolean first;
		this.lock.lock();
		try {
			this.waiting.add(next);
			first = !this.underWay;
			this.underWay = true;
		}
		finally {
			this.lock.unlock();
		}
		if (first) {
			read();
		}
		return next;
	}

	private void read() {
		List<Waiting> together = take();
		if (together.isEmpty()) {
			return;
		}
		CompletableFuture<RangeResult> read = together.get(0).reads.presentRevision();
		read.whenComplete((result, failure) -> {
			read();
			together.forEach((one) -> one.told(result, failure));
		});
		if (together.size() == 1) {
			// others would still want it
			together.get(0).cancelling(read);
		}
	}

	private List<Waiting> take() {
		this.lock.lock();
		try {
			List<Waiting> taken = this.waiting;
			this.underWay = !taken.isEmpty();
			if (this.underWay) {
				this.waiting = new ArrayList<>();
			}
			return taken;
		}
		finally {
			this.lock.unlock();
		}
	}

	/** One who waits for a revision. */
	private static final class Waiting extends CompletableFuture<RangeResult> {

		private final WatchReads reads;

		Waiting(WatchReads reads) {
			this.reads = reads;
		}

		void told(@Nullable RangeResult result, @Nullable Throwable failure) {
			if (failure != null) {
				completeExceptionally(failure);
			}
			else {
				complete(result);
			}
		}

		void cancelling(CompletableFuture<RangeResult> read) {
			whenComplete((result, failure) -> {
				if (isCancelled()) {
					read.cancel(true);
				}
			});
		}

	}

}
