/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;

import io.github.etcdspring.EtcdException;
import io.github.etcdspring.EtcdRequestException;
import io.github.etcdspring.EtcdServerException;
import io.github.etcdspring.EtcdUnsupportedException;
import io.github.etcdspring.FailureDetails;
import io.github.etcdspring.StatusCode;
import io.github.etcdspring.kv.RangePage;
import io.github.etcdspring.kv.RangeResult;
import io.grpc.SynchronizationContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One subscription to {@link RangePages}. The first page is an ordinary read: it fixes
 * the revision, and a small range needs nothing else. What is left the server sends by
 * itself, where it can. Where it cannot, or when that breaks off for a reason that may
 * pass, the rest is read page by page, from the last key on, at the same revision.
 * <p>
 * State is confined to the context, where nothing blocks. The subscriber is called
 * outside of it.
 */
final class RangePagesCall implements Flow.Subscription {

	/** How many pages may be on their way to the subscriber. */
	private static final int READ_AHEAD = 2;

	private static final Logger logger = LoggerFactory.getLogger(RangePagesCall.class);

	private final EtcdChannel channel;

	private final RangeCursor cursor;

	private final RangePages.Reads reads;

	private final SynchronizationContext context = new SynchronizationContext(
			(thread, failure) -> logger.error("a read in pages failed", failure));

	private final SubscriberSignals<RangePage> signals;

	private final StreamDemand demand = new StreamDemand(READ_AHEAD);

	/** The page that is being read. */
	private @Nullable CompletableFuture<RangeResult> page;

	/** What the server sends by itself. */
	private @Nullable Stream stream;

	private boolean streamOver;

	private int pauses;

	private boolean ended;

	RangePagesCall(EtcdChannel channel, RangeCursor cursor, RangePages.Reads reads,
			Flow.Subscriber<? super RangePage> subscriber, Executor executor) {
		this.channel = channel;
		this.cursor = cursor;
		this.reads = reads;
		this.signals = new SubscriberSignals<>(subscriber, executor, this);
	}

	void begin() {
		this.signals.subscribe();
	}

	@Override
	public void request(long n) {
		this.context.execute(() -> {
			if (this.ended) {
				return;
			}
			if (n <= 0) {
				fail(StreamDemand.notAboveZero(n));
				return;
			}
			this.demand.add(n);
			askForMore();
		});
	}

	@Override
	public void cancel() {
		this.signals.stop();
		this.context.execute(this::end);
	}

	/** Asks for as much as the subscriber wants and will soon have taken. */
	private void askForMore() {
		int awaited = this.demand.awaited();
		int more = this.ended ? 0 : this.demand.ask();
		if (more == 0) {
			return;
		}
		if (this.stream != null) {
			this.stream.request(more);
		}
		else if (awaited == 0) {
			askForNext();
		}
	}

	private void askForNext() {
		if (this.cursor.isStreamable() && !this.streamOver && !this.channel.lacksRangeStream()) {
			this.stream = new Stream();
			this.reads.stream(this.cursor.everything()).subscribe(this.stream, Runnable::run);
		}
		else {
			askForPage();
		}
	}

	private void askForPage() {
		CompletableFuture<RangeResult> page = this.reads.get(this.cursor.nextPage());
		this.page = page;
		page.whenComplete((result, failure) -> this.context.execute(() -> {
			if (this.page != page) {
				return;
			}
			this.page = null;
			if (failure != null) {
				pageFailed(failure);
			}
			else {
				take(result);
				if (this.demand.awaited() > 0 && !this.ended) {
					askForNext();
				}
			}
		}));
	}

	private void pageFailed(Throwable failure) {
		if (isTooLarge(failure) && this.cursor.shrink()) {
			askForPage();
		}
		else if (isLagging(failure) && this.pauses < RetryPolicy.MAX_ATTEMPTS) {
			this.pauses++;
			this.channel.timedTasks().schedule(() -> this.context.execute(this::askAgain), RetryPolicy.pause());
		}
		else {
			fail(failure);
		}
	}

	private void askAgain() {
		if (!this.ended) {
			askForPage();
		}
	}

	private static boolean isTooLarge(Throwable failure) {
		return failure instanceof EtcdRequestException refusal && refusal.code() == StatusCode.RESOURCE_EXHAUSTED
				&& !refusal.isRetryable();
	}

	/**
	 * A serializable read may meet a member that has not come to the first page's state.
	 */
	private boolean isLagging(Throwable failure) {
		return this.cursor.isBegun() && failure instanceof EtcdRequestException refusal
				&& refusal.code() == StatusCode.OUT_OF_RANGE && refusal.isRetryable();
	}

	private void take(RangeResult result) {
		this.pauses = 0;
		RangePage page;
		try {
			page = this.cursor.take(result);
		}
		catch (RuntimeException ex) {
			fail(new EtcdServerException(
					FailureDetails.local("a page of the read makes no sense: " + ex.getMessage(), StatusCode.INTERNAL),
					ex));
			return;
		}
		this.demand.came();
		this.signals.next(page, this::delivered);
		if (this.cursor.isDone()) {
			end();
			this.signals.complete();
		}
	}

	private void delivered() {
		this.context.execute(() -> {
			this.demand.delivered();
			askForMore();
		});
	}

	private void streamEnded(@Nullable Throwable failure) {
		this.stream = null;
		this.streamOver = true;
		if (failure instanceof EtcdUnsupportedException) {
			this.channel.noteLackOfRangeStream();
		}
		else if (failure != null && !isTooLarge(failure)
				&& !(failure instanceof EtcdException etcd && etcd.isRetryable())) {
			fail(failure);
			return;
		}
		if (this.demand.awaited() > 0) {
			askForPage();
		}
	}

	private void fail(Throwable failure) {
		end();
		this.signals.fail(failure);
	}

	private void end() {
		this.ended = true;
		CompletableFuture<RangeResult> page = this.page;
		if (page != null) {
			this.page = null;
			page.cancel(true);
		}
		Stream stream = this.stream;
		if (stream != null) {
			this.stream = null;
			stream.cancel();
		}
	}

	/** Takes what the server sends by itself; called where that comes. */
	private final class Stream implements Flow.Subscriber<RangeResult> {

		/** Set before any other method of this is called on the context. */
		private Flow.@Nullable Subscription subscription;

		@Override
		public void onSubscribe(Flow.Subscription subscription) {
			whileCurrent(() -> {
				this.subscription = subscription;
				request(RangePagesCall.this.demand.awaited());
			}, subscription::cancel);
		}

		@Override
		public void onNext(RangeResult result) {
			whileCurrent(() -> take(result), () -> {
			});
		}

		@Override
		public void onError(Throwable failure) {
			whileCurrent(() -> streamEnded(failure), () -> {
			});
		}

		/** Whoever ends it early without an error has not sent everything. */
		@Override
		public void onComplete() {
			whileCurrent(() -> streamEnded(null), () -> {
			});
		}

		private void whileCurrent(Runnable action, Runnable otherwise) {
			RangePagesCall.this.context
				.execute(() -> ((RangePagesCall.this.stream == this) ? action : otherwise).run());
		}

		void request(int n) {
			if (this.subscription != null) {
				this.subscription.request(n);
			}
		}

		void cancel() {
			if (this.subscription != null) {
				this.subscription.cancel();
			}
		}

	}

}
