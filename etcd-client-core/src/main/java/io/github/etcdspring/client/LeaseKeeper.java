/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;

import io.github.etcdspring.LeaseId;
import io.github.etcdspring.Ticker;
import io.github.etcdspring.internal.OwnSteps;
import io.github.etcdspring.lease.KeepAlive;
import io.github.etcdspring.lease.LeaseEnd;
import io.github.etcdspring.lease.LeaseGrant;
import org.jspecify.annotations.Nullable;

/**
 * One lease that is kept alive: its deadline, its end, and when the stream looks at it
 * next. The end is decided once, by whoever finds it first: the stream, a question after
 * the deadline, or the owner.
 */
final class LeaseKeeper extends WakeQueue.Entry implements KeepAlive, OwnSteps.Lease {

	private static final long MAX_MARGIN_NANOS = Duration.ofSeconds(1).toNanos();

	private static final Duration MIN_PATIENCE = Duration.ofMillis(500);

	/** So often within a TTL is a renewal tried again that was refused. */
	private static final int AGAIN_PER_TTL = 12;

	/** A renewal may come so small a part of the TTL early. */
	private static final int SOON_PER_TTL = 60;

	private final LeaseId lease;

	private final KeepAliveStream stream;

	private final EtcdChannel channel;

	private final Ticker ticker;

	private final AtomicReference<@Nullable LeaseEnd> ended = new AtomicReference<>();

	private final CompletableFuture<LeaseEnd> end = new CompletableFuture<>();

	/** Written by the stream's context. */
	private volatile long ttlNanos;

	/** Written by the stream's context. */
	private volatile long deadlineNanos;

	// the fields below: only from the stream's context

	private long nextSendNanos;

	private Renewal renewal = Renewal.NONE;

	/** Whether it is renewed by calls of its own, as one that ended the stream may be. */
	private boolean alone;

	/** Whether a call of its own has failed since it was last renewed. */
	private boolean refused;

	private long sentAtNanos;

	LeaseKeeper(LeaseGrant grant, KeepAliveStream stream, EtcdChannel channel) {
		this.lease = grant.id();
		this.stream = stream;
		this.channel = channel;
		this.ticker = channel.ticker();
		this.ttlNanos = grant.ttl().toNanos();
		this.deadlineNanos = grant.requestedAtNanos() + this.ttlNanos - margin(this.ttlNanos);
		this.nextSendNanos = grant.requestedAtNanos() + this.ttlNanos / 3;
	}

	/**
	 * Returns how long an answer about a lease is waited for before another member is
	 * asked.
	 */
	static Duration patience(Duration ttl) {
		return Duration.ofNanos(patienceNanos(ttl.toNanos()));
	}

	private static long patienceNanos(long ttlNanos) {
		return Math.max(ttlNanos / 6, MIN_PATIENCE.toNanos());
	}

	private static long margin(long ttlNanos) {
		return Math.min(ttlNanos / 10, MAX_MARGIN_NANOS);
	}

	@Override
	public LeaseId lease() {
		return this.lease;
	}

	@Override
	public Duration ttl() {
		return Duration.ofNanos(this.ttlNanos);
	}

	@Override
	public boolean isAlive() {
		if (this.ended.get() != null) {
			return false;
		}
		if (!isPastDeadline(this.ticker.nanoTime())) {
			return true;
		}
		finish(LeaseEnd.EXPIRED);
		return false;
	}

	@Override
	public Duration remaining() {
		long remaining = this.deadlineNanos - this.ticker.nanoTime();
		return (this.ended.get() != null || remaining <= 0) ? Duration.ZERO : Duration.ofNanos(remaining);
	}

	@Override
	public CompletionStage<LeaseEnd> end() {
		// each who asks is told in a task of its own: none delays another
		return this.end.thenApplyAsync(Function.identity(), this.channel.callbacks()).minimalCompletionStage();
	}

	@Override
	public CompletionStage<LeaseEnd> endStep() {
		return this.end.thenApplyAsync(Function.identity(), this.channel.ownSteps()).minimalCompletionStage();
	}

	@Override
	public void close() {
		finish(LeaseEnd.STOPPED);
	}

	/** Ends this keep-alive unless it has ended. */
	void finish(LeaseEnd reason) {
		if (this.ended.compareAndSet(null, reason)) {
			this.stream.forget(this);
			this.end.complete(reason);
		}
	}

	boolean isPastDeadline(long now) {
		return now - this.deadlineNanos >= 0;
	}

	boolean isDue(long now) {
		return this.renewal == Renewal.NONE && now - this.nextSendNanos >= 0;
	}

	/** Whether it may as well be renewed on the stream with others that are due. */
	boolean isDueSoon(long now) {
		return this.renewal == Renewal.NONE && !this.alone && this.nextSendNanos - now <= this.ttlNanos / SOON_PER_TTL;
	}

	boolean isAlone() {
		return this.alone;
	}

	/** Whether the stream owes an answer. */
	boolean isOnStream() {
		return this.renewal == Renewal.ON_STREAM;
	}

	/** Returns when the renewal was sent to which the stream owes an answer. */
	long sentAtNanos() {
		return this.sentAtNanos;
	}

	/** Whether the answer to a renewal is overdue. */
	boolean isStalled(long now) {
		return isOnStream() && now - this.sentAtNanos >= patienceNanos(this.ttlNanos);
	}

	/** Takes the word that a renewal was sent on the stream. */
	void sent(long now) {
		this.renewal = Renewal.ON_STREAM;
		this.sentAtNanos = now;
	}

	/** Takes the word that the stream owes no answer any more. */
	void answered() {
		this.renewal = Renewal.NONE;
	}

	/** Takes the word that a call of its own renews it. */
	void calling() {
		this.renewal = Renewal.BY_CALL;
	}

	/**
	 * Takes the word that the server has renewed it. Deadline and next renewal count from
	 * when the answered renewal was sent: the server cannot have begun earlier.
	 */
	void renewed(long ttlNanos, long sentAtNanos) {
		this.renewal = Renewal.NONE;
		this.alone = false;
		this.refused = false;
		this.ttlNanos = ttlNanos;
		this.deadlineNanos = sentAtNanos + ttlNanos - margin(ttlNanos);
		this.nextSendNanos = sentAtNanos + ttlNanos / 3;
	}

	/**
	 * Takes the word that a call of its own has failed.
	 * @return whether it is the first since the lease was last renewed
	 */
	boolean notRenewed(long now) {
		boolean first = !this.refused;
		this.refused = true;
		this.renewal = Renewal.NONE;
		this.nextSendNanos = now + Math.max(this.ttlNanos / AGAIN_PER_TTL, MIN_PATIENCE.toNanos());
		return first;
	}

	/**
	 * The stream that owes the answer is gone: it is renewed again at once.
	 * @param alone whether by a call of its own
	 */
	void streamLost(long now, boolean alone) {
		this.renewal = Renewal.NONE;
		this.alone = alone;
		this.nextSendNanos = now;
	}

	/** Returns when to look at this lease again. */
	long nextWakeNanos(boolean streamOpen) {
		if (isOnStream()) {
			return earlier(this.deadlineNanos, this.sentAtNanos + patienceNanos(this.ttlNanos));
		}
		if (this.renewal == Renewal.NONE && (streamOpen || this.alone)) {
			return earlier(this.deadlineNanos, this.nextSendNanos);
		}
		return this.deadlineNanos;
	}

	private static long earlier(long a, long b) {
		return (a - b < 0) ? a : b;
	}

	/** What is under way. */
	private enum Renewal {

		/** Nothing. To ON_STREAM, BY_CALL. */
		NONE,

		/** The stream owes an answer. To NONE. */
		ON_STREAM,

		/** A call of its own does. To NONE. */
		BY_CALL

	}

}
