/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.net.SocketAddress;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

import io.github.etcdspring.EtcdAuthenticationException;
import io.github.etcdspring.EtcdClosedException;
import io.github.etcdspring.EtcdException;
import io.github.etcdspring.EtcdServerException;
import io.github.etcdspring.EtcdTimeoutException;
import io.github.etcdspring.EtcdUnavailableException;
import io.github.etcdspring.FailureDetails;
import io.github.etcdspring.Outcome;
import io.github.etcdspring.StatusCode;
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

	private static final String UNREACHED = "no member could be reached";

	private static final Duration PAUSE = Duration.ofMillis(25);

	private static final double PAUSE_JITTER = 0.1;

	/** A member that lags behind may refuse a token that another has just given. */
	private static final int MAX_TOKEN_REFRESHES = 5;

	private final EtcdChannel channel;

	private final CallSettings settings;

	/** Whom to ask; one that is pinned is this call's own. */
	private final Members members;

	private final MethodDescriptor<Q, R> method;

	private final Q request;

	private final RetryPolicy policy;

	private final AnswerDecoder<R, T> decoder;

	private final boolean authenticated;

	private final long deadlineNanos;

	/** How long one attempt may take; {@code null} for all the time there is. */
	private @Nullable Duration patience;

	private final CompletableFuture<T> result = new CompletableFuture<>();

	private int attempts;

	private int tokenRefreshes;

	/** When the first attempt that reached a member was sent. */
	private @Nullable Long firstSentAtNanos;

	private boolean mayBeApplied;

	private @Nullable SocketAddress lastMember;

	/** What was wrong before the time was up. */
	private @Nullable CallFailure lastFailure;

	/** The attempt under way; an earlier one never takes the place of a later one. */
	private final AtomicReference<@Nullable UnaryAttempt<Q, R>> current = new AtomicReference<>();

	UnaryCall(EtcdChannel channel, CallSettings settings, MethodDescriptor<Q, R> method, Q request, RetryPolicy policy,
			AnswerDecoder<R, T> decoder, boolean authenticated) {
		this.channel = channel;
		this.settings = settings;
		this.members = (settings.member() != null) ? channel.pin(settings.member()) : channel;
		this.method = method;
		this.request = request;
		this.policy = policy;
		this.decoder = decoder;
		this.authenticated = authenticated;
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

	CompletableFuture<T> start() {
		this.result.whenComplete((answer, failure) -> {
			if (this.result.isCancelled()) {
				cancelAttempt();
			}
			if (this.members instanceof PinnedMember pinned) {
				this.channel.unpin(pinned);
			}
		});
		attempt();
		return this.result;
	}

	/** Ends a call whose client is closed while no attempt is under way. */
	void abandon() {
		this.result.completeExceptionally(closed(null));
	}

	private void attempt() {
		if (!this.authenticated) {
			send(null);
			return;
		}
		awaitToken(this.channel.tokens().current(), (token) -> send(token.orElse(null)));
	}

	/** Does not wait for the login any longer than the call has time left. */
	private void awaitToken(CompletableFuture<Optional<AuthToken>> login, Consumer<Optional<AuthToken>> next) {
		Future<?> deadline = login.isDone() ? null : this.channel.scheduler()
			.schedule(this::failWithoutLogin, Duration.ofNanos(Math.max(0, remainingNanos())));
		login.whenComplete((token, failure) -> {
			if (deadline != null) {
				deadline.cancel(false);
			}
			if (this.result.isDone()) {
				return;
			}
			if (failure == null) {
				next.accept(token);
			}
			else if (mayPass(failure) && canRefreshToken() && remainingNanos() > PAUSE.toNanos()) {
				this.tokenRefreshes++;
				pauseAndAttempt();
			}
			else {
				fail(withoutToken(failure));
			}
		});
	}

	private void failWithoutLogin() {
		boolean connected = this.members.state() == ConnectionState.CONNECTED;
		fail(timeout(connected ? "no token could be obtained" : UNREACHED));
	}

	/** A login that others began earlier runs out of time before this call does. */
	private boolean mayPass(Throwable login) {
		return !this.channel.isClosed()
				&& (login instanceof EtcdTimeoutException || login instanceof EtcdUnavailableException);
	}

	private void send(@Nullable AuthToken token) {
		if (this.result.isDone()) {
			return;
		}
		if (this.channel.isClosed()) {
			fail(closed(null));
			return;
		}
		long remaining = remainingNanos();
		if (remaining <= 0) {
			fail(timeout(UNREACHED));
			return;
		}
		this.attempts++;
		AttemptTracer tracer = new AttemptTracer(this.channel.ticker());
		ClientCall<Q, R> call = this.members.newCall(this.method, options(remaining, tracer));
		UnaryAttempt<Q, R> attempt = new UnaryAttempt<>(this, this.attempts, call, tracer, token);
		attempt.start(this.request, RequestHeaders.of(token, this.settings.requireLeader()));
		if (this.patience != null) {
			attempt.endAfter(this.patience, this.channel.scheduler());
		}
		// it may have ended by now, and the next be under way
		this.current.accumulateAndGet(attempt, UnaryAttempt::later);
		if (this.result.isDone()) {
			cancelAttempt();
		}
	}

	private static CallOptions options(long remainingNanos, AttemptTracer tracer) {
		return CallOptions.DEFAULT.withWaitForReady()
			.withDeadlineAfter(remainingNanos, TimeUnit.NANOSECONDS)
			.withStreamTracerFactory(tracer);
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
		CallFailure failure = StatusTranslator.read(status, tracer.endedByMember());
		boolean attemptMayBeApplied = tracer.reachedMember() && failure.kind().mayBeApplied();
		this.mayBeApplied |= attemptMayBeApplied;
		if (failure.kind() != FailureKind.DEADLINE) {
			this.lastFailure = failure;
		}
		noteReached(tracer);
		if (this.channel.isClosed()) {
			fail(closed(failure.cause()));
		}
		else if (failure.kind() == FailureKind.DEADLINE && remainingNanos() <= 0) {
			fail(timeout(UNREACHED));
		}
		else if (this.attempts >= RetryPolicy.MAX_ATTEMPTS) {
			fail(exception(failure));
		}
		else if (failure.kind() == FailureKind.TOKEN && canRefreshToken()) {
			refreshAndRepeat(token);
		}
		else if (this.policy.permits(failure, attemptMayBeApplied, this.members.endpoints().size())) {
			repeat();
		}
		else {
			fail(exception(failure));
		}
	}

	private void noteReached(AttemptTracer tracer) {
		if (tracer.reachedMember()) {
			this.lastMember = tracer.member();
			if (this.firstSentAtNanos == null) {
				this.firstSentAtNanos = tracer.reachedAtNanos();
			}
		}
	}

	private boolean canRefreshToken() {
		return this.authenticated && this.channel.tokens().isEnabled() && this.tokenRefreshes < MAX_TOKEN_REFRESHES;
	}

	private void refreshAndRepeat(@Nullable AuthToken refused) {
		this.tokenRefreshes++;
		awaitToken(this.channel.tokens().refresh(refused), (token) -> repeat());
	}

	/** Pauses only when a quorum of members may have been asked since the last pause. */
	private void repeat() {
		if (this.attempts % this.members.quorum() != 0) {
			attempt();
		}
		else {
			pauseAndAttempt();
		}
	}

	private void pauseAndAttempt() {
		double spread = 1 + PAUSE_JITTER * ThreadLocalRandom.current().nextDouble(-1, 1);
		this.channel.pause(this, Duration.ofNanos((long) (PAUSE.toNanos() * spread)), this::attempt);
	}

	/** Takes the answer to an attempt. */
	void succeed(R answer, AttemptTracer tracer) {
		noteReached(tracer);
		try {
			this.result.complete(this.decoder.decode(answer, Objects.requireNonNull(this.firstSentAtNanos)));
		}
		catch (Throwable ex) {
			// nobody else ends the call; the server did what it was asked to
			this.mayBeApplied = true;
			fail(new EtcdServerException(details(operation() + " failed: the answer makes no sense: " + ex.getMessage(),
					StatusCode.INTERNAL, false), ex));
		}
	}

	private void fail(Throwable failure) {
		this.result.completeExceptionally(failure);
	}

	private long remainingNanos() {
		return this.deadlineNanos - this.channel.ticker().nanoTime();
	}

	private Outcome outcome() {
		return this.mayBeApplied ? Outcome.UNKNOWN : Outcome.NOT_APPLIED;
	}

	private String operation() {
		return String.valueOf(this.method.getBareMethodName());
	}

	private EtcdException exception(CallFailure failure) {
		return failure.toException(operation(), outcome(), this.attempts, endpoint());
	}

	/**
	 * A call that never reached a member met a cluster that is away, not a slow one.
	 * @param unreached what went wrong then
	 */
	private EtcdException timeout(String unreached) {
		CallFailure last = this.lastFailure;
		String within = " within " + this.settings.timeout().toMillis() + " ms";
		if (this.lastMember == null) {
			return new EtcdUnavailableException(
					details(operation() + " failed: " + unreached + within + " at " + this.members.endpoints(),
							StatusCode.UNAVAILABLE, true),
					(last != null) ? last.cause() : null);
		}
		String reason = (last != null) ? "; before: " + last.message() : "";
		return new EtcdTimeoutException(
				details(operation() + " failed: no answer" + within + reason, StatusCode.DEADLINE_EXCEEDED, true),
				(last != null) ? last.cause() : null);
	}

	/** Each call fails with an exception of its own, though one login failed for all. */
	private EtcdException withoutToken(Throwable login) {
		if (this.channel.isClosed()) {
			return closed(login);
		}
		boolean refused = login instanceof EtcdAuthenticationException;
		FailureDetails details = details(operation() + " failed: " + login.getMessage(),
				refused ? StatusCode.UNAUTHENTICATED : StatusCode.UNAVAILABLE, !refused);
		return refused ? new EtcdAuthenticationException(details, login) : new EtcdUnavailableException(details, login);
	}

	private EtcdException closed(@Nullable Throwable cause) {
		return new EtcdClosedException(
				details(operation() + " failed: the client is closed", StatusCode.CANCELLED, false), cause);
	}

	private FailureDetails details(String message, StatusCode code, boolean retryable) {
		return new FailureDetails(message, null, code, outcome(), retryable, endpoint(), this.attempts);
	}

	/** Only failures name it, so it is not made into text before. */
	private @Nullable String endpoint() {
		SocketAddress member = this.lastMember;
		if (member == null) {
			return null;
		}
		String text = member.toString();
		return text.substring(text.lastIndexOf('/') + 1);
	}

}
