/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

import io.github.etcdspring.EtcdException;
import io.github.etcdspring.EtcdResult;
import io.github.etcdspring.EtcdTimeoutException;
import io.github.etcdspring.EtcdUnavailableException;
import io.github.etcdspring.ResponseHeader;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import org.jspecify.annotations.Nullable;

/**
 * One unary call, from its first attempt to its end: deadline, token, and what is
 * repeated. Attempts follow one another; each begins on the thread that saw the last one
 * end, so that the fields need no lock. The result completes on that thread too: nothing
 * that may block is chained to it.
 */
final class UnaryCall<Q, R, T> {

	/** How often a call waits anew for a login or a check that failed for others too. */
	private static final int MAX_UNPREPARED = 5;

	private static final CallOptions OPTIONS = CallOptions.DEFAULT.withWaitForReady();

	private static final String NO_TOKEN = "no token could be obtained";

	/** A member gets one of so many parts of a call's time at first. */
	private static final int FIRST_SHARE = 4;

	private final EtcdChannel channel;

	private final CallSettings settings;

	/** Whom to ask; one that is pinned is this call's own. */
	private final Members members;

	private final MethodDescriptor<Q, R> method;

	private final Q request;

	private final RetryPolicy policy;

	private final AnswerDecoder<R, T> decoder;

	private final CallPreparation preparation;

	private final long deadlineNanos;

	/** The history that an answer to this call belongs to. */
	private final int history;

	/** What the store had reached when this call began. */
	private final long revisionBefore;

	/** Whether an answer below that revision proves that the store was put back. */
	private boolean linearizable;

	/** Whether an answer below that revision is not taken. */
	private boolean ordered;

	/** How long one attempt may take; {@code null} for all the time there is. */
	private @Nullable Duration patience;

	private final CallRecord record;

	private final Result result = new Result();

	/** Whether the member is told how much time there is, since it may wait for long. */
	private boolean mayWait;

	private int tokenRefreshes;

	private int unprepared;

	/** Whether an attempt was given up that had a part of the time. */
	private boolean shareSpent;

	/** The attempt under way; an earlier one never takes the place of a later one. */
	private final AtomicReference<@Nullable UnaryAttempt<Q, R>> current = new AtomicReference<>();

	UnaryCall(EtcdChannel channel, CallSettings settings, MethodDescriptor<Q, R> method, Q request, RetryPolicy policy,
			AnswerDecoder<R, T> decoder, CallPreparation preparation) {
		this.channel = channel;
		this.settings = settings;
		this.members = (settings.member() != null) ? channel.pin(settings.member()) : channel;
		this.method = method;
		this.request = request;
		this.policy = policy;
		this.decoder = decoder;
		this.preparation = preparation;
		this.record = new CallRecord(method, this.members, settings.timeout());
		this.history = channel.sense().history();
		this.revisionBefore = channel.sense().revision();
		this.deadlineNanos = channel.ticker().nanoTime() + settings.timeout().toNanos();
	}

	/**
	 * Asks another member when one does not answer: only for calls that a member answers
	 * soon if it can, and that may be repeated. Called before the start.
	 */
	UnaryCall<Q, R, T> withPatience(Duration patience) {
		this.patience = patience;
		return this;
	}

	/**
	 * Takes the answer for a proof of the store's history: only for calls that etcd
	 * answers with the state of the cluster, and not of a member. Called before the
	 * start.
	 */
	UnaryCall<Q, R, T> linearizable() {
		this.linearizable = true;
		return this;
	}

	/**
	 * Asks another member when one answers with a state older than the client has seen:
	 * only for reads. Called before the start.
	 */
	UnaryCall<Q, R, T> ordered() {
		this.ordered = true;
		return this;
	}

	/**
	 * Tells the member how much time there is: only for calls that it answers when others
	 * have done something. Called before the start.
	 */
	UnaryCall<Q, R, T> waiting() {
		this.mayWait = true;
		return this;
	}

	CompletableFuture<T> start() {
		if (this.members instanceof PinnedMember pinned) {
			this.result.whenComplete((answer, failure) -> this.channel.unpin(pinned));
		}
		attempt();
		return this.result;
	}

	/** Ends a call whose client is closed while no attempt is under way. */
	void abandon() {
		this.result.completeExceptionally(this.record.closed(null));
	}

	private void attempt() {
		ClusterCheck check = this.channel.clusterCheck();
		if (this.preparation == CallPreparation.NONE) {
			send(null);
		}
		else if (check != null && this.preparation == CallPreparation.ALL) {
			await(check.passed(), "no member named its cluster", (passed) -> sendWithToken());
		}
		else {
			sendWithToken();
		}
	}

	private void sendWithToken() {
		await(this.channel.tokens().current(), NO_TOKEN, (token) -> send(token.orElse(null)));
	}

	/**
	 * Does not wait for a preparation any longer than the call has time left, or the
	 * client is open.
	 */
	private <V> void await(CompletableFuture<V> prepared, String missing, Consumer<V> next) {
		if (prepared.isDone() && !prepared.isCompletedExceptionally()) {
			next.accept(prepared.join());
			return;
		}
		Future<?> deadline = this.channel.timedTasks()
			.schedule(() -> failUnprepared(missing), Duration.ofNanos(Math.max(0, remainingNanos())));
		prepared.whenComplete((value, failure) -> {
			deadline.cancel(false);
			if (this.result.isDone()) {
				return;
			}
			if (failure == null) {
				next.accept(value);
			}
			else if (mayPass(failure) && this.unprepared < MAX_UNPREPARED
					&& remainingNanos() > RetryPolicy.PAUSE.toNanos()) {
				this.unprepared++;
				pauseAndAttempt();
			}
			else {
				fail(this.channel.isClosed() ? this.record.closed(failure) : this.record.unprepared(failure));
			}
		});
	}

	/** Takes the word that the time is up, or the client closed. */
	private void failUnprepared(String missing) {
		if (this.channel.isClosed()) {
			abandon();
			return;
		}
		boolean connected = this.members.state() == ConnectionState.CONNECTED;
		fail(this.record.timeout(connected ? missing : CallRecord.UNREACHED));
	}

	/**
	 * What others asked for earlier runs out of time before this call does, and so does
	 * what has less time than this call.
	 */
	private boolean mayPass(Throwable login) {
		return !this.channel.isClosed()
				&& (login instanceof EtcdTimeoutException || login instanceof EtcdUnavailableException);
	}

	private void send(@Nullable AuthToken token) {
		if (this.result.isDone()) {
			return;
		}
		if (this.channel.isClosed()) {
			fail(this.record.closed(null));
			return;
		}
		long remaining = remainingNanos();
		if (remaining <= 0) {
			fail(this.record.timeout(CallRecord.UNREACHED));
			return;
		}
		int number = this.record.begun();
		AttemptTracer tracer = new AttemptTracer(this.channel.ticker());
		long time = timeForAttempt(remaining);
		ClientCall<Q, R> call = this.members.newCall(this.method, options(time, tracer));
		UnaryAttempt<Q, R> attempt = new UnaryAttempt<>(this, number, call, tracer, token, this.channel.deadlines());
		attempt.start(this.request, RequestHeaders.of(token, this.settings.requireLeader()), time);
		if (this.patience != null) {
			attempt.endAfter(this.patience, this.channel.scheduler());
		}
		// it may have ended by now, and the next be under way
		this.current.accumulateAndGet(attempt, UnaryAttempt::later);
		if (this.result.isDone()) {
			cancelAttempt();
		}
	}

	/**
	 * A call that may be repeated does not spend all its time on one member, which may be
	 * one that hangs. Once an attempt was given up for that, later ones get all that is
	 * left, so that a member which is merely slow can still answer.
	 */
	private long timeForAttempt(long remainingNanos) {
		boolean first = !this.shareSpent && this.policy == RetryPolicy.REPEATABLE && this.members.count() > 1;
		return first ? Math.min(remainingNanos, this.settings.timeout().toNanos() / FIRST_SHARE) : remainingNanos;
	}

	/** gRPC's own deadline costs a timer for each call, which may wake a thread. */
	private CallOptions options(long timeNanos, AttemptTracer tracer) {
		CallOptions options = OPTIONS.withStreamTracerFactory(tracer);
		return this.mayWait ? options.withDeadlineAfter(timeNanos, TimeUnit.NANOSECONDS) : options;
	}

	private void cancelAttempt() {
		UnaryAttempt<Q, R> attempt = this.current.get();
		if (attempt != null) {
			attempt.cancel("given up by the caller");
		}
	}

	/** Takes the word that an attempt has failed. */
	void ended(Status status, AttemptTracer tracer, @Nullable AuthToken token) {
		if (this.result.isDone()) {
			return;
		}
		this.record.reached(tracer);
		SenselessAnswerException senseless = StatusTranslator.senseless(status);
		if (senseless != null) {
			fail(this.record.senseless(senseless));
			return;
		}
		CallFailure failure = StatusTranslator.read(status, tracer.endedByMember());
		boolean mayBeApplied = this.record.failed(failure, tracer);
		this.shareSpent |= failure.kind() == FailureKind.DEADLINE;
		if (this.channel.isClosed()) {
			fail(this.record.closed(failure.cause()));
		}
		else if (failure.kind() == FailureKind.DEADLINE && remainingNanos() <= 0) {
			fail(this.record.timeout(CallRecord.UNREACHED));
		}
		else if (this.record.attempts() >= RetryPolicy.MAX_ATTEMPTS) {
			fail(exception(failure));
		}
		else if (failure.kind() == FailureKind.TOKEN && canRefreshToken()) {
			refreshAndRepeat(token);
		}
		else if (this.policy.permits(failure, mayBeApplied, this.members.count())) {
			repeat();
		}
		else {
			fail(exception(failure));
		}
	}

	private boolean canRefreshToken() {
		return this.preparation != CallPreparation.NONE
				&& this.tokenRefreshes < this.channel.tokens().renewal().repetitions();
	}

	private void refreshAndRepeat(@Nullable AuthToken refused) {
		this.tokenRefreshes++;
		await(this.channel.tokens().refresh(refused), NO_TOKEN, (token) -> repeat());
	}

	/** Pauses only when a quorum of members may have been asked since the last pause. */
	private void repeat() {
		if (this.record.attempts() % this.members.quorum() != 0) {
			attempt();
		}
		else {
			pauseAndAttempt();
		}
	}

	private void pauseAndAttempt() {
		this.channel.pause(this, RetryPolicy.pause(), this::attempt);
	}

	/** Takes the answer to an attempt. */
	void succeed(R answer, AttemptTracer tracer) {
		this.record.reached(tracer);
		try {
			T value = this.decoder.decode(answer, this.record.firstSentAtNanos());
			if (!(value instanceof EtcdResult result) || mayBeTaken(result.header())) {
				this.result.complete(value);
			}
		}
		catch (Throwable ex) {
			// nobody else ends the call
			fail(this.record.senseless(ex));
		}
	}

	/** Deals with an answer that is not to be taken. */
	private boolean mayBeTaken(ResponseHeader header) {
		String foreign = this.channel.findForeign(header.clusterId(), this.members);
		if (foreign != null) {
			fail(this.record.wrongCluster(foreign, header.clusterId()));
			return false;
		}
		HeaderSense sense = this.channel.sense();
		sense.note(header, this.history, this.linearizable ? this.revisionBefore : 0);
		if (!this.ordered || header.revision() >= this.revisionBefore || this.history != sense.history()) {
			return true;
		}
		this.record.behind(header.revision(), this.revisionBefore);
		repeat();
		return false;
	}

	private EtcdException exception(CallFailure failure) {
		return this.record.exception(this.channel.tokens().renewal().advise(failure));
	}

	/** Takes the word that an attempt may have been sent in part. */
	void broken(Throwable cause) {
		fail(this.record.broken(cause));
	}

	private void fail(Throwable failure) {
		this.result.completeExceptionally(failure);
	}

	private long remainingNanos() {
		return this.deadlineNanos - this.channel.ticker().nanoTime();
	}

	/** What the caller waits for; cancelled, it ends the attempt under way. */
	private final class Result extends CompletableFuture<T> {

		@Override
		public boolean cancel(boolean mayInterruptIfRunning) {
			boolean cancelled = super.cancel(mayInterruptIfRunning);
			if (isCancelled()) {
				cancelAttempt();
			}
			return cancelled;
		}

	}

}
