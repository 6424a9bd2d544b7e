/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import io.github.etcdspring.CompactedException;
import io.github.etcdspring.EtcdAuthenticationException;
import io.github.etcdspring.EtcdException;
import io.github.etcdspring.EtcdNoSpaceException;
import io.github.etcdspring.EtcdPermissionException;
import io.github.etcdspring.EtcdRequestException;
import io.github.etcdspring.EtcdServerException;
import io.github.etcdspring.EtcdTimeoutException;
import io.github.etcdspring.EtcdUnavailableException;
import io.github.etcdspring.EtcdUnsupportedException;
import io.github.etcdspring.FailureDetails;
import io.github.etcdspring.LeaseLostException;
import io.github.etcdspring.LeaseNotFoundException;
import io.github.etcdspring.Outcome;
import io.github.etcdspring.StatusCode;
import org.jspecify.annotations.Nullable;

/**
 * A failed attempt, read from its gRPC status.
 *
 * @param kind what can be done about it
 * @param code its code
 * @param message what happened, in the words of whoever found it
 * @param serverMessage those words if the server sent them
 * @param cause what the transport met, if it did
 */
record CallFailure(FailureKind kind, StatusCode code, String message, @Nullable String serverMessage,
		@Nullable Throwable cause) {

	/** A failure that this side of the connection found. */
	CallFailure(FailureKind kind, StatusCode code, String message, @Nullable Throwable cause) {
		this(kind, code, message, null, cause);
	}

	/**
	 * Returns what the caller is told.
	 * @param operation what was attempted
	 * @param outcome whether any attempt may have had its effect
	 * @param attempts how many there were
	 * @param endpoint the member that was asked last
	 */
	EtcdException toException(String operation, Outcome outcome, int attempts, @Nullable String endpoint) {
		String what = (this.kind == FailureKind.UNSUPPORTED) ? " is unsupported by this server: " : " failed: ";
		FailureDetails details = new FailureDetails(operation + what + this.message, this.serverMessage, this.code,
				outcome, isRetryable(), endpoint, attempts);
		return switch (this.kind) {
			case TOKEN, CREDENTIALS -> new EtcdAuthenticationException(details, this.cause);
			case PERMISSION -> new EtcdPermissionException(details, this.cause);
			case COMPACTED -> new CompactedException(details, 0, this.cause);
			case LEASE_NOT_FOUND -> new LeaseNotFoundException(details, this.cause);
			case LEASE_LOST -> new LeaseLostException(details, this.cause);
			case NO_SPACE -> new EtcdNoSpaceException(details, this.cause);
			case UNSUPPORTED -> new EtcdUnsupportedException(details, this.cause);
			case REFUSED, REFUSED_FOR_NOW, ANSWER_TOO_LARGE -> new EtcdRequestException(details, this.cause);
			case NOT_EXECUTED, LEARNER, UNHEALTHY, UNAVAILABLE -> new EtcdUnavailableException(details, this.cause);
			case DEADLINE -> new EtcdTimeoutException(details, this.cause);
			case SERVER -> new EtcdServerException(details, this.cause);
		};
	}

	private boolean isRetryable() {
		return switch (this.kind) {
			case REFUSED_FOR_NOW, NOT_EXECUTED, LEARNER, UNHEALTHY, UNAVAILABLE, DEADLINE, TOKEN -> true;
			default -> false;
		};
	}

}
