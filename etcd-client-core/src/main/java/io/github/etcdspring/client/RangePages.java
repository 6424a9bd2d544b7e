/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;

import io.github.etcdspring.kv.RangePage;
import io.github.etcdspring.kv.RangeRequest;
import io.github.etcdspring.kv.RangeRequest.SortOrder;
import io.github.etcdspring.kv.RangeRequest.SortTarget;
import io.github.etcdspring.kv.RangeResult;

/**
 * A read in pages, as a publisher. Each subscription is a read of its own; see
 * {@link RangePagesCall}. Immutable.
 */
final class RangePages implements Subscribable<RangePage> {

	private final Calls calls;

	private final RangeRequest request;

	private final Reads reads;

	/**
	 * Checks that the read can be done in pages.
	 * @throws IllegalArgumentException if it is ordered otherwise than by ascending key,
	 * or a count
	 */
	RangePages(Calls calls, RangeRequest request, Reads reads) {
		if (request.sortTarget() != SortTarget.KEY || request.sortOrder() != SortOrder.ASCEND) {
			throw new IllegalArgumentException("sort: " + request.sortTarget() + " " + request.sortOrder()
					+ " (expected: none; pages come in ascending order of their keys)");
		}
		if (request.isCountOnly()) {
			throw new IllegalArgumentException("countOnly: a count has no pages (expected: get)");
		}
		this.calls = calls;
		this.request = request;
		this.reads = reads;
	}

	/** Calls the subscriber on the client's callback executor. */
	@Override
	public void subscribe(Flow.Subscriber<? super RangePage> subscriber) {
		subscribe(subscriber, this.calls.callbacks());
	}

	@Override
	public void subscribe(Flow.Subscriber<? super RangePage> subscriber, Executor executor) {
		Objects.requireNonNull(subscriber, "subscriber");
		new RangePagesCall(this.calls.channel(), new RangeCursor(this.request), this.reads, subscriber, executor)
			.begin();
	}

	/** The two ways to read. */
	interface Reads {

		/** Reads at once; the future completes on the connection's thread. */
		CompletableFuture<RangeResult> get(RangeRequest request);

		/**
		 * Lets the server send a read in parts, of which all but the last say that there
		 * is more, and only the last has a header.
		 */
		Subscribable<RangeResult> stream(RangeRequest request);

	}

}
