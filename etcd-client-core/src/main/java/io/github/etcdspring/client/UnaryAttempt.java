/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.time.Duration;
import java.util.concurrent.Future;

import io.github.etcdspring.Scheduler;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import org.jspecify.annotations.Nullable;

/**
 * One attempt of a unary call, at one member. Tells the call once how it ended.
 */
final class UnaryAttempt<Q, R> extends ClientCall.Listener<R> implements AttemptDeadlines.Timed {

	private final UnaryCall<Q, R, ?> owner;

	private final int number;

	private final ClientCall<Q, R> call;

	private final AttemptTracer tracer;

	private final @Nullable AuthToken token;

	private final AttemptDeadlines deadlines;

	private volatile @Nullable Future<?> timer;

	private volatile boolean ended;

	private volatile boolean expired;

	/** Set by {@link AttemptDeadlines}. */
	private volatile long deadlineNanos;

	/** Only from the thread that serves the connection. */
	private @Nullable R answer;

	UnaryAttempt(UnaryCall<Q, R, ?> owner, int number, ClientCall<Q, R> call, AttemptTracer tracer,
			@Nullable AuthToken token, AttemptDeadlines deadlines) {
		this.owner = owner;
		this.number = number;
		this.call = call;
		this.tracer = tracer;
		this.token = token;
		this.deadlines = deadlines;
	}

	/** Returns the later of two attempts. */
	static <Q, R> @Nullable UnaryAttempt<Q, R> later(@Nullable UnaryAttempt<Q, R> a, @Nullable UnaryAttempt<Q, R> b) {
		return (a == null || (b != null && b.number > a.number)) ? b : a;
	}

	/** Sends the request; an answer must come in so much time. */
	void start(Q request, Metadata headers, long timeNanos) {
		try {
			this.call.start(this, headers);
			this.call.sendMessage(request);
			this.call.halfClose();
			// not before: gRPC lets nobody cancel a call while it is being sent
			this.deadlines.add(this, timeNanos);
		}
		catch (Throwable ex) {
			this.owner.broken(ex);
			cancel("it could not be sent");
		}
		if (this.ended) {
			this.deadlines.remove(this);
		}
	}

	/** Ends this attempt if no answer comes in time. */
	void endAfter(Duration patience, Scheduler scheduler) {
		this.timer = scheduler.schedule(() -> cancel("no answer within " + patience.toMillis() + " ms"), patience);
		if (this.ended) {
			cancelTimer();
		}
	}

	private void cancelTimer() {
		Future<?> timer = this.timer;
		if (timer != null) {
			timer.cancel(false);
		}
	}

	@Override
	public void deadline(long nanos) {
		this.deadlineNanos = nanos;
	}

	@Override
	public long deadlineNanos() {
		return this.deadlineNanos;
	}

	@Override
	public void expire() {
		this.expired = true;
		cancel("no answer in time");
	}

	void cancel(String reason) {
		this.call.cancel(reason, null);
	}

	/**
	 * Asks for the message here, on the connection's own thread: from another one it
	 * would have to be woken for that.
	 */
	@Override
	public void onHeaders(Metadata headers) {
		this.call.request(2);
	}

	@Override
	public void onMessage(R message) {
		this.answer = message;
	}

	@Override
	public void onClose(Status status, Metadata trailers) {
		this.ended = true;
		cancelTimer();
		this.deadlines.remove(this);
		R answer = this.answer;
		if (StatusTranslator.isOk(status) && answer != null) {
			this.owner.succeed(answer, this.tracer);
		}
		else {
			this.tracer.ended(StatusTranslator.isUnsent(status));
			boolean timeout = this.expired && StatusTranslator.isCancelled(status);
			this.owner.ended(timeout ? Status.DEADLINE_EXCEEDED : status, this.tracer, this.token);
		}
	}

}
