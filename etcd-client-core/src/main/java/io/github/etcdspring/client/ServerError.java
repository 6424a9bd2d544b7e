/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.github.etcdspring.StatusCode;
import org.jspecify.annotations.Nullable;

/**
 * The errors of etcd that this client tells apart. They are known by their message: two
 * of them travel under another code than the one they are defined with.
 */
enum ServerError {

	USER_EMPTY("etcdserver: user name is empty", StatusCode.INVALID_ARGUMENT, FailureKind.TOKEN),

	INVALID_AUTH_TOKEN("etcdserver: invalid auth token", StatusCode.UNAUTHENTICATED, FailureKind.TOKEN),

	AUTH_OLD_REVISION("etcdserver: revision of auth store is old", StatusCode.INVALID_ARGUMENT, FailureKind.TOKEN),

	AUTH_FAILED("etcdserver: authentication failed, invalid user ID or password", StatusCode.INVALID_ARGUMENT,
			FailureKind.CREDENTIALS),

	NO_PASSWORD_USER("auth: authentication failed, password was given for no password user", StatusCode.UNKNOWN,
			FailureKind.CREDENTIALS),

	AUTH_NOT_ENABLED("etcdserver: authentication is not enabled", StatusCode.FAILED_PRECONDITION, FailureKind.REFUSED),

	PERMISSION_DENIED("etcdserver: permission denied", StatusCode.PERMISSION_DENIED, FailureKind.PERMISSION),

	COMPACTED("etcdserver: mvcc: required revision has been compacted", StatusCode.OUT_OF_RANGE, FailureKind.COMPACTED),

	LEASE_NOT_FOUND("etcdserver: requested lease not found", StatusCode.NOT_FOUND, FailureKind.LEASE_NOT_FOUND),

	LEASE_EXISTS("etcdserver: lease already exists", StatusCode.FAILED_PRECONDITION, FailureKind.REFUSED),

	/** A member that lags behind may reach the revision. */
	FUTURE_REVISION("etcdserver: mvcc: required revision is a future revision", StatusCode.OUT_OF_RANGE,
			FailureKind.REFUSED_FOR_NOW),

	/** A member finds it out when it has applied the write. */
	NO_SPACE("etcdserver: mvcc: database space exceeded", StatusCode.RESOURCE_EXHAUSTED, FailureKind.NO_SPACE),

	TOO_MANY_REQUESTS("etcdserver: too many requests", StatusCode.RESOURCE_EXHAUSTED, FailureKind.REFUSED_FOR_NOW),

	NOT_ENOUGH_STARTED_MEMBERS("etcdserver: re-configuration failed due to not enough started members",
			StatusCode.FAILED_PRECONDITION, FailureKind.REFUSED_FOR_NOW),

	/** Sent while the leader hands over; nothing was proposed. */
	PROPOSAL_DROPPED("raft proposal dropped", StatusCode.UNAVAILABLE, FailureKind.NOT_EXECUTED),

	/** The member had no leader when the request came, so it did not begin. */
	NO_LEADER("etcdserver: no leader", StatusCode.UNAVAILABLE, FailureKind.NOT_EXECUTED),

	LEADER_CHANGED("etcdserver: leader changed", StatusCode.UNAVAILABLE, FailureKind.UNAVAILABLE),

	STOPPED("etcdserver: server stopped", StatusCode.UNAVAILABLE, FailureKind.UNAVAILABLE),

	TIMEOUT("etcdserver: request timed out", StatusCode.UNAVAILABLE, FailureKind.UNAVAILABLE),

	TIMEOUT_LEADER_FAILURE("etcdserver: request timed out, possibly due to previous leader failure",
			StatusCode.UNAVAILABLE, FailureKind.UNAVAILABLE),

	TIMEOUT_CONNECTION_LOST("etcdserver: request timed out, possibly due to connection lost", StatusCode.UNAVAILABLE,
			FailureKind.UNAVAILABLE),

	TIMEOUT_APPLIED_INDEX("etcdserver: request timed out, waiting for the applied index took too long",
			StatusCode.UNAVAILABLE, FailureKind.UNAVAILABLE),

	/** Two members raced for a lease's renewal. */
	NOT_PRIMARY_LESSOR("not a primary lessor", StatusCode.UNAVAILABLE, FailureKind.UNAVAILABLE),

	LEARNER("etcdserver: rpc not supported for learner", StatusCode.FAILED_PRECONDITION, FailureKind.LEARNER);

	private static final Map<String, ServerError> BY_MESSAGE = Stream.of(values())
		.collect(Collectors.toMap((error) -> error.message, Function.identity()));

	private final String message;

	private final StatusCode code;

	private final FailureKind kind;

	ServerError(String message, StatusCode code, FailureKind kind) {
		this.message = message;
		this.code = code;
		this.kind = kind;
	}

	static @Nullable ServerError of(@Nullable String message) {
		return (message != null) ? BY_MESSAGE.get(message) : null;
	}

	StatusCode code() {
		return this.code;
	}

	FailureKind kind() {
		return this.kind;
	}

}
