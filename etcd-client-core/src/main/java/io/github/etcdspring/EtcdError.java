/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring;

import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The errors that etcd defines, by the names of etcd's own constants. An error is known
 * by its message: some travel under another code than their own, and the code of some
 * changed from one version of etcd to the next.
 */
public enum EtcdError {

	/** A range, a put, a deletion or a comparison has no key. Name one. */
	EMPTY_KEY("etcdserver: key is not provided", StatusCode.INVALID_ARGUMENT),

	/**
	 * A put that keeps the value or the lease found no key to keep them of, or a
	 * transaction holds an empty operation. Put the key with value and lease.
	 */
	KEY_NOT_FOUND("etcdserver: key not found", StatusCode.INVALID_ARGUMENT),

	/** A put that keeps the value brings one. Leave out the one or the other. */
	VALUE_PROVIDED("etcdserver: value is provided", StatusCode.INVALID_ARGUMENT),

	/** A put that keeps the lease names one. Leave out the one or the other. */
	LEASE_PROVIDED("etcdserver: lease is provided", StatusCode.INVALID_ARGUMENT),

	/** A transaction has more parts than the server's {@code --max-txn-ops}. Split it. */
	TOO_MANY_OPERATIONS("etcdserver: too many operations in txn request", StatusCode.INVALID_ARGUMENT),

	/** A transaction writes a key twice in one branch. Write it once. */
	DUPLICATE_KEY("etcdserver: duplicate key given in txn request", StatusCode.INVALID_ARGUMENT),

	/**
	 * A client gave a version of its API that etcd does not know. This client gives none.
	 */
	INVALID_CLIENT_API_VERSION("etcdserver: invalid client api version", StatusCode.INVALID_ARGUMENT),

	/** A range is to be sorted in a way that the server does not know. Sort it here. */
	INVALID_SORT_OPTION("etcdserver: invalid sort option", StatusCode.INVALID_ARGUMENT),

	/**
	 * The revision of a range, a watch, a hash or a compaction is compacted. Read the
	 * present state and go on from its revision.
	 */
	COMPACTED("etcdserver: mvcc: required revision has been compacted", StatusCode.OUT_OF_RANGE),

	/**
	 * The revision of a range, a hash or a compaction is yet to come, at this member at
	 * least. Try again if a member that lags behind is the reason.
	 */
	FUTURE_REVISION("etcdserver: mvcc: required revision is a future revision", StatusCode.OUT_OF_RANGE),

	/**
	 * A put or a grant met a database at its quota. Reads and deletions go on. Delete,
	 * compact and defragment, then disarm the alarm; the write may have been applied.
	 */
	NO_SPACE("etcdserver: mvcc: database space exceeded", StatusCode.RESOURCE_EXHAUSTED),

	/** A call names a lease that is not there, or no longer. Grant another. */
	LEASE_NOT_FOUND("etcdserver: requested lease not found", StatusCode.NOT_FOUND),

	/** A grant asks for an id that is taken. Choose another, or leave it to etcd. */
	LEASE_EXISTS("etcdserver: lease already exists", StatusCode.FAILED_PRECONDITION),

	/** A grant asks for more than 9,000,000,000 s. Ask for less. */
	LEASE_TTL_TOO_LARGE("etcdserver: too large lease TTL", StatusCode.OUT_OF_RANGE),

	/**
	 * The server ended the stream of the watches. This client opens it again by itself.
	 */
	WATCH_CANCELED("etcdserver: watch canceled", StatusCode.CANCELLED),

	/** A member is added under an id that is taken. List the members. */
	MEMBER_EXISTS("etcdserver: member ID already exist", StatusCode.FAILED_PRECONDITION),

	/** A peer URL of a member to add or update is in use. List the members. */
	PEER_URL_EXISTS("etcdserver: Peer URLs already exists", StatusCode.FAILED_PRECONDITION),

	/**
	 * A member change would leave too few started members for a quorum. Start those that
	 * were added, or remove those that are gone, before another try.
	 */
	MEMBER_NOT_ENOUGH_STARTED("etcdserver: re-configuration failed due to not enough started members",
			StatusCode.FAILED_PRECONDITION),

	/** A peer URL of a member to add or update is none. Give it scheme, host and port. */
	MEMBER_BAD_URLS("etcdserver: given member URLs are invalid", StatusCode.INVALID_ARGUMENT),

	/** The member to remove, update or promote is unknown, or was removed. List them. */
	MEMBER_NOT_FOUND("etcdserver: member not found", StatusCode.NOT_FOUND),

	/** The member to promote votes already. Nothing is left to do. */
	MEMBER_NOT_LEARNER("etcdserver: can only promote a learner member", StatusCode.FAILED_PRECONDITION),

	/** The learner to promote lags behind the leader. Try again when it has caught up. */
	LEARNER_NOT_READY("etcdserver: can only promote a learner member which is in sync with leader",
			StatusCode.FAILED_PRECONDITION),

	/** The cluster has as many learners as it may. Promote or remove one first. */
	TOO_MANY_LEARNERS("etcdserver: too many learner members in cluster", StatusCode.FAILED_PRECONDITION),

	/** Members of two clusters met. Look at the endpoints and at the members' URLs. */
	CLUSTER_ID_MISMATCH("etcdserver: cluster ID mismatch", StatusCode.FAILED_PRECONDITION),

	/** A request is larger than the server's {@code --max-request-bytes}. Write less. */
	REQUEST_TOO_LARGE("etcdserver: request is too large", StatusCode.INVALID_ARGUMENT),

	/** The member is thousands of entries behind in applying. Try again after a while. */
	TOO_MANY_REQUESTS("etcdserver: too many requests", StatusCode.RESOURCE_EXHAUSTED),

	/** Authentication cannot be enabled without the user root. Add it. */
	ROOT_USER_NOT_EXIST("etcdserver: root user does not exist", StatusCode.FAILED_PRECONDITION),

	/** Authentication cannot be enabled while root lacks the role root. Grant it. */
	ROOT_ROLE_NOT_EXIST("etcdserver: root user does not have root role", StatusCode.FAILED_PRECONDITION),

	/** The user to add exists. */
	USER_ALREADY_EXISTS("etcdserver: user name already exists", StatusCode.FAILED_PRECONDITION),

	/**
	 * A call brings no token while authentication is enabled: give the client
	 * credentials. Also, the user to add has no name.
	 */
	USER_EMPTY("etcdserver: user name is empty", StatusCode.INVALID_ARGUMENT),

	/** A call names a user that does not exist. */
	USER_NOT_FOUND("etcdserver: user name not found", StatusCode.FAILED_PRECONDITION),

	/** The role to add exists. */
	ROLE_ALREADY_EXISTS("etcdserver: role name already exists", StatusCode.FAILED_PRECONDITION),

	/** A call names a role that does not exist. */
	ROLE_NOT_FOUND("etcdserver: role name not found", StatusCode.FAILED_PRECONDITION),

	/** The role to add has no name. */
	ROLE_EMPTY("etcdserver: role name is empty", StatusCode.INVALID_ARGUMENT),

	/** User name or password are wrong. Give the client others. */
	AUTH_FAILED("etcdserver: authentication failed, invalid user ID or password", StatusCode.INVALID_ARGUMENT),

	/** The permission to grant is left out. Give key, range and kind. */
	PERMISSION_NOT_GIVEN("etcdserver: permission not given", StatusCode.INVALID_ARGUMENT),

	/** No role of the user permits the call. Grant one that does. */
	PERMISSION_DENIED("etcdserver: permission denied", StatusCode.PERMISSION_DENIED),

	/** The role to take from the user was never granted to it. */
	ROLE_NOT_GRANTED("etcdserver: role is not granted to the user", StatusCode.FAILED_PRECONDITION),

	/** The role holds no such permission. Revoke with exactly the range of the grant. */
	PERMISSION_NOT_GRANTED("etcdserver: permission is not granted to the role", StatusCode.FAILED_PRECONDITION),

	/**
	 * A login to a cluster without authentication. This client goes on without a token.
	 */
	AUTH_NOT_ENABLED("etcdserver: authentication is not enabled", StatusCode.FAILED_PRECONDITION),

	/** The token is unknown or too old. This client gets another and tries again. */
	INVALID_AUTH_TOKEN("etcdserver: invalid auth token", StatusCode.UNAUTHENTICATED),

	/** The user root, or its role, would be lost while authentication is enabled. */
	INVALID_AUTH_MANAGEMENT("etcdserver: invalid auth management", StatusCode.INVALID_ARGUMENT),

	/** Users or roles changed after the login. This client logs in and tries again. */
	AUTH_OLD_REVISION("etcdserver: revision of auth store is old", StatusCode.INVALID_ARGUMENT),

	/** The member knows no leader, so it did not begin. Another may; try again. */
	NO_LEADER("etcdserver: no leader", StatusCode.UNAVAILABLE),

	/** Leadership can be moved only by the leader. Ask that member. */
	NOT_LEADER("etcdserver: not leader", StatusCode.FAILED_PRECONDITION),

	/** The leader changed during a linearizable read or a look at a lease. Try again. */
	LEADER_CHANGED("etcdserver: leader changed", StatusCode.UNAVAILABLE),

	/** The version that the cluster runs at lacks the call. Upgrade every member. */
	NOT_CAPABLE("etcdserver: not capable", StatusCode.FAILED_PRECONDITION),

	/** The member stopped during the call; a write may still be applied. */
	STOPPED("etcdserver: server stopped", StatusCode.UNAVAILABLE),

	/** The cluster found no agreement in time; a write may still be applied. */
	TIMEOUT("etcdserver: request timed out", StatusCode.UNAVAILABLE),

	/** As {@link #TIMEOUT}; a leader was lost shortly before. */
	TIMEOUT_DUE_TO_LEADER_FAIL("etcdserver: request timed out, possibly due to previous leader failure",
			StatusCode.UNAVAILABLE),

	/** As {@link #TIMEOUT}; the member has lost too many others. */
	TIMEOUT_DUE_TO_CONNECTION_LOST("etcdserver: request timed out, possibly due to connection lost",
			StatusCode.UNAVAILABLE),

	/** The leader is late in applying, so it cannot tell of a lease. Try again. */
	TIMEOUT_WAIT_APPLIED_INDEX("etcdserver: request timed out, waiting for the applied index took too long",
			StatusCode.UNAVAILABLE),

	/** Members are not connected, so none is added or removed. Wait until they are. */
	UNHEALTHY("etcdserver: unhealthy cluster", StatusCode.UNAVAILABLE),

	/**
	 * Members were found to differ in their data, and an alarm stops nearly every call.
	 * Restore or replace the member that is wrong, then disarm the alarm.
	 */
	CORRUPT("etcdserver: corrupt cluster", StatusCode.DATA_LOSS),

	/**
	 * A learner serves little but serializable ranges. This client asks another member.
	 */
	NOT_SUPPORTED_FOR_LEARNER("etcdserver: rpc not supported for learner", StatusCode.FAILED_PRECONDITION),

	/** Leadership cannot go to that member: it is unknown, or a learner. */
	BAD_LEADER_TRANSFEREE("etcdserver: bad leader transferee", StatusCode.FAILED_PRECONDITION),

	/** The version to downgrade to is none. Give major and minor, as in {@code 3.5}. */
	WRONG_DOWNGRADE_VERSION_FORMAT("etcdserver: wrong downgrade target version format", StatusCode.INVALID_ARGUMENT),

	/** A downgrade goes one minor version at a time, and not to that one. */
	INVALID_DOWNGRADE_TARGET_VERSION("etcdserver: invalid downgrade target version", StatusCode.INVALID_ARGUMENT),

	/** The cluster has not agreed on its version yet. Try the downgrade again. */
	CLUSTER_VERSION_UNAVAILABLE("etcdserver: cluster version not found during downgrade",
			StatusCode.FAILED_PRECONDITION),

	/** A downgrade is under way. Let it end, or cancel it. */
	DOWNGRADE_IN_PROCESS("etcdserver: cluster has a downgrade job in progress", StatusCode.FAILED_PRECONDITION),

	/** There is no downgrade to cancel. */
	NO_INFLIGHT_DOWNGRADE("etcdserver: no inflight downgrade job", StatusCode.FAILED_PRECONDITION),

	/** The server gave the call up; a write may have been applied. */
	CANCELED("etcdserver: request canceled", StatusCode.CANCELLED),

	/** The server's time for the call was over; a write may have been applied. */
	DEADLINE_EXCEEDED("etcdserver: context deadline exceeded", StatusCode.DEADLINE_EXCEEDED),

	/** The leader changed during the renewal of a lease. This client renews again. */
	NOT_PRIMARY_LESSOR("not a primary lessor", StatusCode.UNAVAILABLE),

	/** Leadership did not move in time. See who leads before another try. */
	TIMEOUT_LEADER_TRANSFER("etcdserver: request timed out, leader transfer took too long", StatusCode.UNAVAILABLE),

	/** A login with a password of a user that has none: it logs in by its certificate. */
	NO_PASSWORD_USER("auth: authentication failed, password was given for no password user", StatusCode.UNKNOWN),

	/** The server does not know what a downgrade request asks for. */
	UNKNOWN_METHOD("etcdserver: unknown method", StatusCode.UNKNOWN),

	/** Leadership is being moved, so nothing was proposed. This client tries again. */
	PROPOSAL_DROPPED("raft proposal dropped", StatusCode.UNAVAILABLE),

	/** The server-side election has no leader now. Observe it, or ask again. */
	ELECTION_NO_LEADER("election: no leader", StatusCode.UNKNOWN),

	/** A server-side proclaim comes from one that leads no longer. Campaign again. */
	ELECTION_NOT_LEADER("election: not leader", StatusCode.UNKNOWN),

	/** A server-side election call lacks what its campaign answered. Give it. */
	ELECTION_LEADER_MISSING("\"leader\" field must be provided", StatusCode.UNKNOWN),

	/** The lease ended while a server-side lock waited. Lock again with another. */
	MUTEX_SESSION_EXPIRED("mutex: session is expired", StatusCode.UNKNOWN);

	private static final Map<String, EtcdError> BY_MESSAGE = Stream.of(values())
		.collect(Collectors.toUnmodifiableMap(EtcdError::message, Function.identity()));

	/**
	 * Some services send what they meet as it is called inside of etcd: Maintenance the
	 * errors of users, Lock and Election that the time of their caller is up.
	 */
	private static final Map<String, EtcdError> BY_INNER_MESSAGE = Map.of("auth: permission denied", PERMISSION_DENIED,
			"auth: user name is empty", USER_EMPTY, "auth: invalid auth token", INVALID_AUTH_TOKEN, "context canceled",
			CANCELED, "context deadline exceeded", DEADLINE_EXCEEDED);

	private final String message;

	private final StatusCode code;

	EtcdError(String message, StatusCode code) {
		this.message = message;
		this.code = code;
	}

	/**
	 * Finds the error that a server means.
	 * @param serverMessage the text as etcd wrote it, whole
	 * @return the error; empty if etcd defines none with that text
	 */
	public static Optional<EtcdError> ofMessage(String serverMessage) {
		return Optional.ofNullable(BY_MESSAGE.getOrDefault(serverMessage, BY_INNER_MESSAGE.get(serverMessage)));
	}

	/**
	 * Returns the text by which the error is known.
	 * @return the message as it travels
	 */
	public String message() {
		return this.message;
	}

	/**
	 * Returns the code of the error, whichever it travels under.
	 * @return the code that etcd defines; where it defines none, {@code UNAVAILABLE} if
	 * the error passes by itself, {@code UNKNOWN} otherwise
	 */
	public StatusCode code() {
		return this.code;
	}

}
