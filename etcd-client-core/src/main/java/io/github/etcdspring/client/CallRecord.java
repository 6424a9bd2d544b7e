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
import io.github.etcdspring.WrongClusterException;
import io.grpc.MethodDescriptor;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a call so far, and the exceptions that tell it. Used as the call is:
 * by one thread at a time.
 */
final class CallRecord {

	static final String UNREACHED = "no member could be reached";

	private final MethodDescriptor<?, ?> method;

	private final Members members;

	private final Duration timeout;

	private int attempts;

	private boolean reached;

	/** When the first attempt that reached a member was sent. */
	private long firstSentAtNanos;

	private boolean mayBeApplied;

	private @Nullable SocketAddress lastMember;

	/** What was wrong before the time was up. */
	private @Nullable CallFailure lastFailure;

	CallRecord(MethodDescriptor<?, ?> method, Members members, Duration timeout) {
		this.method = method;
		this.members = members;
		this.timeout = timeout;
	}

	/** Counts an attempt; returns its number, from 1. */
	int begun() {
		return ++this.attempts;
	}

	int attempts() {
		return this.attempts;
	}

	/** Takes note of which member an attempt reached, if any. */
	void reached(AttemptTracer tracer) {
		if (tracer.reachedMember()) {
			this.lastMember = tracer.member();
			if (!this.reached) {
				this.reached = true;
				this.firstSentAtNanos = tracer.reachedAtNanos();
			}
		}
	}

	/** Returns when the first attempt that reached a member was sent. */
	long firstSentAtNanos() {
		return this.firstSentAtNanos;
	}

	/**
	 * Takes note of a failed attempt.
	 * @return whether it may have had its effect
	 */
	boolean failed(CallFailure failure, AttemptTracer tracer) {
		boolean mayBeApplied = tracer.reachedMember() && failure.kind().mayBeApplied();
		this.mayBeApplied |= mayBeApplied;
		if (failure.kind() != FailureKind.DEADLINE) {
			this.lastFailure = failure;
		}
		return mayBeApplied;
	}

	/** Takes note of an answer that shows an older state than the client has seen. */
	void behind(long revision, long seen) {
		this.lastFailure = new CallFailure(FailureKind.UNAVAILABLE, StatusCode.UNAVAILABLE,
				"the member is at revision " + revision + ", behind " + seen + " that has been seen", null);
	}

	EtcdException exception(CallFailure failure) {
		return failure.toException(operation(), outcome(), this.attempts, endpoint());
	}

	/**
	 * A call that never reached a member met a cluster that is away, not a slow one.
	 * @param unreached what went wrong then
	 */
	EtcdException timeout(String unreached) {
		return timeout(unreached, "no answer", this.timeout);
	}

	/** A member that sends many messages has sent none for a time. */
	EtcdException silence(Duration patience) {
		return timeout(UNREACHED, "no message", patience);
	}

	private EtcdException timeout(String unreached, String missing, Duration waited) {
		CallFailure last = this.lastFailure;
		String within = " within " + waited.toMillis() + " ms";
		if (this.lastMember == null) {
			return unreached(unreached + within + " at " + this.members.endpoints());
		}
		String reason = (last != null) ? "; before: " + last.message() : "";
		return new EtcdTimeoutException(details(missing + within + reason, StatusCode.DEADLINE_EXCEEDED, true),
				(last != null) ? last.cause() : null);
	}

	private EtcdException unreached(String what) {
		CallFailure connection = UnreachedMembers.reason(this.members);
		CallFailure reason = (connection != null) ? connection : this.lastFailure;
		return (reason != null)
				? new EtcdUnavailableException(details(what + ": " + reason.message(), StatusCode.UNAVAILABLE, true),
						reason.cause())
				: new EtcdUnavailableException(details(what, StatusCode.UNAVAILABLE, true), null);
	}

	/** Each call fails with an exception of its own, though one login failed for all. */
	EtcdException unprepared(Throwable failure) {
		if (failure instanceof WrongClusterException wrong) {
			return new WrongClusterException(
					details(String.valueOf(failure.getMessage()), StatusCode.FAILED_PRECONDITION, false),
					wrong.clusterId(), failure);
		}
		boolean refused = failure instanceof EtcdAuthenticationException;
		boolean retryable = !(failure instanceof EtcdAuthenticationException refusal) || refusal.isRetryable();
		FailureDetails details = details(String.valueOf(failure.getMessage()), serverMessage(failure),
				refused ? StatusCode.UNAUTHENTICATED : StatusCode.UNAVAILABLE, retryable);
		return refused ? new EtcdAuthenticationException(details, failure)
				: new EtcdUnavailableException(details, failure);
	}

	EtcdException closed(@Nullable Throwable cause) {
		return new EtcdClosedException(details("the client is closed", StatusCode.CANCELLED, false), cause);
	}

	/** The server did what it was asked to, but nobody can tell what that was. */
	EtcdException senseless(Throwable cause) {
		this.mayBeApplied = true;
		return new EtcdServerException(
				details("the answer makes no sense: " + cause.getMessage(), StatusCode.INTERNAL, false), cause);
	}

	/** Nobody can tell what of the request was sent. */
	EtcdException broken(Throwable cause) {
		this.mayBeApplied = true;
		return new EtcdServerException(
				details("the request could not be sent: " + cause.getMessage(), StatusCode.INTERNAL, false), cause);
	}

	/** The member did what it was asked to, in another cluster. */
	EtcdException wrongCluster(String message, long clusterId) {
		this.mayBeApplied = true;
		return new WrongClusterException(details(message, StatusCode.FAILED_PRECONDITION, false), clusterId, null);
	}

	private static @Nullable String serverMessage(Throwable failure) {
		return (failure instanceof EtcdException etcd) ? etcd.serverMessage().orElse(null) : null;
	}

	private FailureDetails details(String reason, StatusCode code, boolean retryable) {
		return details(reason, null, code, retryable);
	}

	private FailureDetails details(String reason, @Nullable String serverMessage, StatusCode code, boolean retryable) {
		return new FailureDetails(operation() + " failed: " + reason, serverMessage, code, outcome(), retryable,
				endpoint(), this.attempts);
	}

	private Outcome outcome() {
		return this.mayBeApplied ? Outcome.UNKNOWN : Outcome.NOT_APPLIED;
	}

	private String operation() {
		return String.valueOf(this.method.getBareMethodName());
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
