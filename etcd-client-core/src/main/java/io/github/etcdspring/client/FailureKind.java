/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import io.github.etcdspring.EtcdError;

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

	/** Do without: this server does not have the call. */
	UNSUPPORTED(false),

	/** Refused before it began; the caller may try later. */
	REFUSED_FOR_NOW(false),

	/** Give up until there is space: refused, by a member that may have applied it. */
	NO_SPACE(true),

	/** Read the present state. */
	COMPACTED(false),

	/** Grant another lease. */
	LEASE_NOT_FOUND(false),

	/** Begin anew under another lease. */
	LEASE_LOST(false),

	/** Try another member: this one did nothing. */
	NOT_EXECUTED(false),

	/** Try another member: this one only learns. */
	LEARNER(false),

	/** As unavailable, but refused before it began. */
	UNHEALTHY(false),

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

	/** Returns what can be done about an error of etcd's. */
	static FailureKind of(EtcdError error) {
		return switch (error) {
			case USER_EMPTY, INVALID_AUTH_TOKEN, AUTH_OLD_REVISION -> TOKEN;
			case AUTH_FAILED, NO_PASSWORD_USER -> CREDENTIALS;
			case PERMISSION_DENIED -> PERMISSION;
			case EMPTY_KEY, KEY_NOT_FOUND, VALUE_PROVIDED, LEASE_PROVIDED, TOO_MANY_OPERATIONS, DUPLICATE_KEY,
					INVALID_CLIENT_API_VERSION, INVALID_SORT_OPTION, REQUEST_TOO_LARGE ->
				REFUSED;
			case LEASE_EXISTS, LEASE_TTL_TOO_LARGE -> REFUSED;
			case MEMBER_EXISTS, PEER_URL_EXISTS, MEMBER_BAD_URLS, MEMBER_NOT_FOUND, MEMBER_NOT_LEARNER,
					TOO_MANY_LEARNERS, CLUSTER_ID_MISMATCH ->
				REFUSED;
			case ROOT_USER_NOT_EXIST, ROOT_ROLE_NOT_EXIST, USER_ALREADY_EXISTS, USER_NOT_FOUND, ROLE_ALREADY_EXISTS,
					ROLE_NOT_FOUND, ROLE_EMPTY, PERMISSION_NOT_GIVEN, ROLE_NOT_GRANTED, PERMISSION_NOT_GRANTED,
					AUTH_NOT_ENABLED, INVALID_AUTH_MANAGEMENT ->
				REFUSED;
			case NOT_LEADER, BAD_LEADER_TRANSFEREE, WRONG_DOWNGRADE_VERSION_FORMAT, INVALID_DOWNGRADE_TARGET_VERSION,
					DOWNGRADE_IN_PROCESS, NO_INFLIGHT_DOWNGRADE ->
				REFUSED;
			case ELECTION_NO_LEADER, ELECTION_LEADER_MISSING -> REFUSED;
			case FUTURE_REVISION, TOO_MANY_REQUESTS, MEMBER_NOT_ENOUGH_STARTED, LEARNER_NOT_READY,
					CLUSTER_VERSION_UNAVAILABLE ->
				REFUSED_FOR_NOW;
			case NO_SPACE -> NO_SPACE;
			case COMPACTED -> COMPACTED;
			case LEASE_NOT_FOUND -> LEASE_NOT_FOUND;
			case ELECTION_NOT_LEADER, MUTEX_SESSION_EXPIRED -> LEASE_LOST;
			case NOT_CAPABLE, UNKNOWN_METHOD -> UNSUPPORTED;
			// the member had no leader when the request came, or its leader handed over
			case NO_LEADER, PROPOSAL_DROPPED -> NOT_EXECUTED;
			case NOT_SUPPORTED_FOR_LEARNER -> LEARNER;
			case UNHEALTHY -> UNHEALTHY;
			case LEADER_CHANGED, STOPPED, TIMEOUT, TIMEOUT_DUE_TO_LEADER_FAIL, TIMEOUT_DUE_TO_CONNECTION_LOST,
					TIMEOUT_WAIT_APPLIED_INDEX, TIMEOUT_LEADER_TRANSFER, NOT_PRIMARY_LESSOR ->
				UNAVAILABLE;
			// given up on the way: nobody here asked for it
			case CANCELED, WATCH_CANCELED -> UNAVAILABLE;
			case DEADLINE_EXCEEDED -> DEADLINE;
			case CORRUPT -> SERVER;
		};
	}

	/** Whether another try may go better without anybody's doing. */
	boolean mayPass() {
		return switch (this) {
			case UNAVAILABLE, NOT_EXECUTED, LEARNER, DEADLINE, TOKEN -> true;
			default -> false;
		};
	}

	/**
	 * Whether an attempt that reached a member and failed so may have had its effect.
	 */
	boolean mayBeApplied() {
		return this.mayBeApplied;
	}

}
