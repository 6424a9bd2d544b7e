/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring;

import java.util.Optional;

import org.jspecify.annotations.Nullable;

/**
 * The root of everything that can go wrong between this client and etcd. There is a
 * subtype for each thing a caller can do next; an argument that is wrong in itself is an
 * {@link IllegalArgumentException} instead, thrown before anything is sent.
 *
 * @serial exclude
 */
public abstract sealed class EtcdException extends RuntimeException
		permits CompactedException, EtcdAuthenticationException, EtcdCancelledException, EtcdClosedException,
		EtcdNoSpaceException, EtcdPermissionException, EtcdRequestException, EtcdServerException, EtcdTimeoutException,
		EtcdUnavailableException, EtcdUnsupportedException, HistoryResetException, LeaseLostException,
		LeaseNotFoundException, ListenerFailedException, StmConflictException, WrongClusterException {

	private static final long serialVersionUID = 1L;

	private final FailureDetails details;

	EtcdException(FailureDetails details, @Nullable Throwable cause) {
		super(details.describe(), cause);
		this.details = details;
	}

	FailureDetails details() {
		return this.details;
	}

	/**
	 * Returns the same failure for another thread to throw: one of its type, with its
	 * details and its cause, and with the stack trace of the caller. Those who wait for
	 * one future share its exception; whoever throws it throws a copy.
	 * @return a new exception
	 */
	public final EtcdException copy() {
		return with(this.details);
	}

	/**
	 * Returns the same failure with another outcome, for whoever made the call as a part
	 * of something larger and knows what became of that: a read that failed wrote
	 * nothing.
	 * @param outcome what is known of the larger whole
	 * @return a new exception, with the stack trace of the caller
	 */
	public final EtcdException withOutcome(Outcome outcome) {
		return with(this.details.withOutcome(outcome));
	}

	/** Returns an exception of this type with this cause and other details. */
	abstract EtcdException with(FailureDetails details);

	/**
	 * Returns the status of the last attempt.
	 * @return the code
	 */
	public StatusCode code() {
		return this.details.code();
	}

	/**
	 * Returns the message the server sent.
	 * @return the text as etcd wrote it; empty if the failure is not the server's word
	 */
	public Optional<String> serverMessage() {
		return Optional.ofNullable(this.details.serverMessage());
	}

	/**
	 * Returns which of etcd's errors the server meant, for callers who tell them apart
	 * more finely than by the type of the exception.
	 * @return the error; empty if the failure is not the server's word, or etcd does not
	 * define it
	 */
	public Optional<EtcdError> error() {
		return serverMessage().flatMap(EtcdError::ofMessage);
	}

	/**
	 * Returns whether the call may have had an effect.
	 * @return the outcome; a failed read is {@link Outcome#NOT_APPLIED} or
	 * {@link Outcome#UNKNOWN} by the same rule, and means nothing there
	 */
	public Outcome outcome() {
		return this.details.outcome();
	}

	/**
	 * Whether the same call may succeed later. Says nothing of whether it is safe to
	 * repeat: see {@link #outcome()}.
	 * @return whether the failure may pass by itself
	 */
	public boolean isRetryable() {
		return this.details.retryable();
	}

	/**
	 * Returns the address of the member that was asked last.
	 * @return {@code host:port}; empty if no member was reached
	 */
	public Optional<String> endpoint() {
		return Optional.ofNullable(this.details.endpoint());
	}

	/**
	 * Returns how many times the call was tried.
	 * @return the number of attempts; 0 if it failed before the first
	 */
	public int attempts() {
		return this.details.attempts();
	}

}
