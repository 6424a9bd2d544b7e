/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring;

import java.io.Serializable;

import org.jspecify.annotations.Nullable;

/**
 * What is known of a call that failed.
 *
 * @param message what happened, with the server's own message where it sent one
 * @param serverMessage the server's own message alone, or {@code null} if it sent none
 * @param code the status of the last attempt
 * @param outcome whether the call may have had an effect
 * @param retryable whether the same call may succeed later
 * @param endpoint the address of the member that was asked last, or {@code null} if none
 * was reached
 * @param attempts how many times the call was sent or tried, at least 0
 * @serial exclude
 */
public record FailureDetails(String message, @Nullable String serverMessage, StatusCode code, Outcome outcome,
		boolean retryable, @Nullable String endpoint, int attempts) implements Serializable {

	/**
	 * Returns the details of something that failed in this client, before anything was
	 * sent.
	 * @param message what happened
	 * @param code the code that fits
	 * @return details with the outcome {@link Outcome#NOT_APPLIED}, not retryable
	 */
	public static FailureDetails local(String message, StatusCode code) {
		return new FailureDetails(message, null, code, Outcome.NOT_APPLIED, false, null, 0);
	}

	FailureDetails withOutcome(Outcome outcome) {
		return new FailureDetails(this.message, this.serverMessage, this.code, outcome, this.retryable, this.endpoint,
				this.attempts);
	}

	String describe() {
		StringBuilder text = new StringBuilder(this.message);
		text.append(" [").append(this.code).append(", outcome ").append(this.outcome);
		if (this.attempts > 0) {
			text.append(", ").append(this.attempts).append((this.attempts == 1) ? " attempt" : " attempts");
		}
		if (this.endpoint != null) {
			text.append(", last at ").append(this.endpoint);
		}
		return text.append(']').toString();
	}

}
