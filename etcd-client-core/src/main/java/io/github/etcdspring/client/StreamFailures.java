/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.net.SocketAddress;
import java.time.Duration;

import io.github.etcdspring.EtcdAuthenticationException;
import io.github.etcdspring.EtcdClosedException;
import io.github.etcdspring.EtcdException;
import io.github.etcdspring.EtcdServerException;
import io.github.etcdspring.EtcdTimeoutException;
import io.github.etcdspring.EtcdUnavailableException;
import io.github.etcdspring.FailureDetails;
import io.github.etcdspring.Outcome;
import io.github.etcdspring.StatusCode;
import io.github.etcdspring.Ticker;
import org.jspecify.annotations.Nullable;

/**
 * The attempts of a stream that reads, and what its subscriber is told when it fails: a
 * read has no effect, so its outcome is always known. Confined to the stream's context.
 */
final class StreamFailures {

	private final Ticker ticker;

	private final Members members;

	private final String operation;

	private int attempts;

	private @Nullable AttemptTracer attempt;

	/** The last member reached. */
	private @Nullable SocketAddress member;

	private @Nullable CallFailure last;

	StreamFailures(Ticker ticker, Members members, String operation) {
		this.ticker = ticker;
		this.members = members;
		this.operation = operation;
	}

	/** Begins an attempt. */
	AttemptTracer attempt() {
		noteMember();
		this.attempts++;
		AttemptTracer tracer = new AttemptTracer(this.ticker);
		this.attempt = tracer;
		return tracer;
	}

	/** Takes the word that the attempt under way has failed. */
	void note(CallFailure failure) {
		this.last = failure;
	}

	int attempts() {
		return this.attempts;
	}

	/** Whether the attempt under way has reached a member. */
	boolean reachedMember() {
		return this.attempt != null && this.attempt.reachedMember();
	}

	EtcdException exception(CallFailure failure) {
		return failure.toException(this.operation, Outcome.NOT_APPLIED, this.attempts, endpoint());
	}

	EtcdException closed(@Nullable Throwable cause) {
		return new EtcdClosedException(details("the client is closed", StatusCode.CANCELLED, false), cause);
	}

	EtcdException senseless(Throwable cause) {
		return new EtcdServerException(
				details("a message makes no sense: " + cause.getMessage(), StatusCode.INTERNAL, false), cause);
	}

	/**
	 * A stream that never reached a member met a cluster that is away, not a slow one.
	 * @param waited how long it waited
	 * @param called whether a call was under way, and not a login
	 */
	EtcdException timeout(Duration waited, boolean called) {
		noteMember();
		CallFailure last = this.last;
		Throwable cause = (last != null) ? last.cause() : null;
		String within = " within " + waited.toMillis() + " ms";
		if (this.member == null) {
			boolean connected = !called && this.members.state() == ConnectionState.CONNECTED;
			String reason = connected ? "no token could be obtained" : "no member could be reached";
			return new EtcdUnavailableException(
					details(reason + within + " at " + this.members.endpoints(), StatusCode.UNAVAILABLE, true), cause);
		}
		String before = (last != null) ? "; before: " + last.message() : "";
		return new EtcdTimeoutException(details("no message" + within + before, StatusCode.DEADLINE_EXCEEDED, true),
				cause);
	}

	/** Each call fails with an exception of its own, though one login failed for all. */
	EtcdException withoutToken(Throwable login) {
		boolean refused = login instanceof EtcdAuthenticationException;
		FailureDetails details = details(String.valueOf(login.getMessage()),
				refused ? StatusCode.UNAUTHENTICATED : StatusCode.UNAVAILABLE, !refused);
		return refused ? new EtcdAuthenticationException(details, login) : new EtcdUnavailableException(details, login);
	}

	private FailureDetails details(String message, StatusCode code, boolean retryable) {
		return new FailureDetails(this.operation + " failed: " + message, null, code, Outcome.NOT_APPLIED, retryable,
				endpoint(), this.attempts);
	}

	private void noteMember() {
		if (this.attempt != null && this.attempt.reachedMember()) {
			this.member = this.attempt.member();
		}
	}

	private @Nullable String endpoint() {
		noteMember();
		if (this.member == null) {
			return null;
		}
		String text = this.member.toString();
		return text.substring(text.lastIndexOf('/') + 1);
	}

}
