/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

/**
 * What can be done about a failed attempt.
 */
enum FailureKind {

	/** Get a token, then try again: the call was refused before it began. */
	TOKEN(false),

	/** Give up: user name or password are wrong. */
	CREDENTIALS(false),

	/** Give up: the user may not. */
	PERMISSION(false),

	/** Give up: the request does not fit. */
	REFUSED(false),

	/** Refused before it began; the caller may try later. */
	REFUSED_FOR_NOW(false),

	/** Give up until there is space: refused, by a member that may have applied it. */
	NO_SPACE(true),

	/** Read the present state. */
	COMPACTED(false),

	/** Grant another lease. */
	LEASE_NOT_FOUND(false),

	/** Try another member: this one did nothing. */
	NOT_EXECUTED(false),

	/** Try another member: this one only learns. */
	LEARNER(false),

	/** Try another member if the call may be repeated. */
	UNAVAILABLE(true),

	/** The time is up. */
	DEADLINE(true),

	/** The answer is larger than this client accepts. */
	ANSWER_TOO_LARGE(true),

	/** The server failed in a way the API does not foresee. */
	SERVER(true);

	private final boolean mayBeApplied;

	FailureKind(boolean mayBeApplied) {
		this.mayBeApplied = mayBeApplied;
	}

	/**
	 * Whether an attempt that reached a member and failed so may have had its effect.
	 */
	boolean mayBeApplied() {
		return this.mayBeApplied;
	}

}
