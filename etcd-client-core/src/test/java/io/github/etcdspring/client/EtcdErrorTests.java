/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

import io.github.etcdspring.EtcdError;
import io.github.etcdspring.EtcdException;
import io.github.etcdspring.Outcome;
import io.github.etcdspring.StatusCode;
import io.github.etcdspring.fixture.FakeClock;
import io.github.etcdspring.fixture.ScriptedCluster;
import io.github.etcdspring.fixture.ScriptedEtcd;
import io.grpc.Status;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import static io.github.etcdspring.fixture.Results.failureOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests of {@link EtcdError} and what the client makes of each: every row of etcd's table
 * of errors, sent by two members under the code it travels with.
 */
class EtcdErrorTests {

	/**
	 * Columns: error, code on the wire, message, code told, exception, whether the same
	 * call may succeed later, outcome of a write that reached a member; how often a read
	 * and a write are sent: once, again at another member, or again with a new token.
	 */
	private static final String TABLE = """
			EMPTY_KEY | INVALID_ARGUMENT | etcdserver: key is not provided | INVALID_ARGUMENT | EtcdRequestException | false | NOT_APPLIED | once | once
			KEY_NOT_FOUND | INVALID_ARGUMENT | etcdserver: key not found | INVALID_ARGUMENT | EtcdRequestException | false | NOT_APPLIED | once | once
			VALUE_PROVIDED | INVALID_ARGUMENT | etcdserver: value is provided | INVALID_ARGUMENT | EtcdRequestException | false | NOT_APPLIED | once | once
			LEASE_PROVIDED | INVALID_ARGUMENT | etcdserver: lease is provided | INVALID_ARGUMENT | EtcdRequestException | false | NOT_APPLIED | once | once
			TOO_MANY_OPERATIONS | INVALID_ARGUMENT | etcdserver: too many operations in txn request | INVALID_ARGUMENT | EtcdRequestException | false | NOT_APPLIED | once | once
			DUPLICATE_KEY | INVALID_ARGUMENT | etcdserver: duplicate key given in txn request | INVALID_ARGUMENT | EtcdRequestException | false | NOT_APPLIED | once | once
			INVALID_CLIENT_API_VERSION | INVALID_ARGUMENT | etcdserver: invalid client api version | INVALID_ARGUMENT | EtcdRequestException | false | NOT_APPLIED | once | once
			INVALID_SORT_OPTION | INVALID_ARGUMENT | etcdserver: invalid sort option | INVALID_ARGUMENT | EtcdRequestException | false | NOT_APPLIED | once | once
			COMPACTED | OUT_OF_RANGE | etcdserver: mvcc: required revision has been compacted | OUT_OF_RANGE | CompactedException | false | NOT_APPLIED | once | once
			FUTURE_REVISION | OUT_OF_RANGE | etcdserver: mvcc: required revision is a future revision | OUT_OF_RANGE | EtcdRequestException | true | NOT_APPLIED | once | once
			NO_SPACE | RESOURCE_EXHAUSTED | etcdserver: mvcc: database space exceeded | RESOURCE_EXHAUSTED | EtcdNoSpaceException | false | UNKNOWN | once | once
			LEASE_NOT_FOUND | NOT_FOUND | etcdserver: requested lease not found | NOT_FOUND | LeaseNotFoundException | false | NOT_APPLIED | once | once
			LEASE_EXISTS | FAILED_PRECONDITION | etcdserver: lease already exists | FAILED_PRECONDITION | EtcdRequestException | false | NOT_APPLIED | once | once
			LEASE_TTL_TOO_LARGE | OUT_OF_RANGE | etcdserver: too large lease TTL | OUT_OF_RANGE | EtcdRequestException | false | NOT_APPLIED | once | once
			WATCH_CANCELED | CANCELLED | etcdserver: watch canceled | CANCELLED | EtcdUnavailableException | true | UNKNOWN | again | once
			MEMBER_EXISTS | FAILED_PRECONDITION | etcdserver: member ID already exist | FAILED_PRECONDITION | EtcdRequestException | false | NOT_APPLIED | once | once
			PEER_URL_EXISTS | FAILED_PRECONDITION | etcdserver: Peer URLs already exists | FAILED_PRECONDITION | EtcdRequestException | false | NOT_APPLIED | once | once
			MEMBER_NOT_ENOUGH_STARTED | UNKNOWN | etcdserver: re-configuration failed due to not enough started members | FAILED_PRECONDITION | EtcdRequestException | true | NOT_APPLIED | once | once
			MEMBER_BAD_URLS | INVALID_ARGUMENT | etcdserver: given member URLs are invalid | INVALID_ARGUMENT | EtcdRequestException | false | NOT_APPLIED | once | once
			MEMBER_NOT_FOUND | NOT_FOUND | etcdserver: member not found | NOT_FOUND | EtcdRequestException | false | NOT_APPLIED | once | once
			MEMBER_NOT_LEARNER | FAILED_PRECONDITION | etcdserver: can only promote a learner member | FAILED_PRECONDITION | EtcdRequestException | false | NOT_APPLIED | once | once
			LEARNER_NOT_READY | FAILED_PRECONDITION | etcdserver: can only promote a learner member which is in sync with leader | FAILED_PRECONDITION | EtcdRequestException | true | NOT_APPLIED | once | once
			TOO_MANY_LEARNERS | FAILED_PRECONDITION | etcdserver: too many learner members in cluster | FAILED_PRECONDITION | EtcdRequestException | false | NOT_APPLIED | once | once
			CLUSTER_ID_MISMATCH | FAILED_PRECONDITION | etcdserver: cluster ID mismatch | FAILED_PRECONDITION | EtcdRequestException | false | NOT_APPLIED | once | once
			REQUEST_TOO_LARGE | INVALID_ARGUMENT | etcdserver: request is too large | INVALID_ARGUMENT | EtcdRequestException | false | NOT_APPLIED | once | once
			TOO_MANY_REQUESTS | UNKNOWN | etcdserver: too many requests | RESOURCE_EXHAUSTED | EtcdRequestException | true | NOT_APPLIED | once | once
			ROOT_USER_NOT_EXIST | FAILED_PRECONDITION | etcdserver: root user does not exist | FAILED_PRECONDITION | EtcdRequestException | false | NOT_APPLIED | once | once
			ROOT_ROLE_NOT_EXIST | FAILED_PRECONDITION | etcdserver: root user does not have root role | FAILED_PRECONDITION | EtcdRequestException | false | NOT_APPLIED | once | once
			USER_ALREADY_EXISTS | FAILED_PRECONDITION | etcdserver: user name already exists | FAILED_PRECONDITION | EtcdRequestException | false | NOT_APPLIED | once | once
			USER_EMPTY | INVALID_ARGUMENT | etcdserver: user name is empty | INVALID_ARGUMENT | EtcdAuthenticationException | true | NOT_APPLIED | new token | new token
			USER_NOT_FOUND | FAILED_PRECONDITION | etcdserver: user name not found | FAILED_PRECONDITION | EtcdRequestException | false | NOT_APPLIED | once | once
			ROLE_ALREADY_EXISTS | FAILED_PRECONDITION | etcdserver: role name already exists | FAILED_PRECONDITION | EtcdRequestException | false | NOT_APPLIED | once | once
			ROLE_NOT_FOUND | FAILED_PRECONDITION | etcdserver: role name not found | FAILED_PRECONDITION | EtcdRequestException | false | NOT_APPLIED | once | once
			ROLE_EMPTY | INVALID_ARGUMENT | etcdserver: role name is empty | INVALID_ARGUMENT | EtcdRequestException | false | NOT_APPLIED | once | once
			AUTH_FAILED | INVALID_ARGUMENT | etcdserver: authentication failed, invalid user ID or password | INVALID_ARGUMENT | EtcdAuthenticationException | false | NOT_APPLIED | once | once
			PERMISSION_NOT_GIVEN | INVALID_ARGUMENT | etcdserver: permission not given | INVALID_ARGUMENT | EtcdRequestException | false | NOT_APPLIED | once | once
			PERMISSION_DENIED | PERMISSION_DENIED | etcdserver: permission denied | PERMISSION_DENIED | EtcdPermissionException | false | NOT_APPLIED | once | once
			ROLE_NOT_GRANTED | FAILED_PRECONDITION | etcdserver: role is not granted to the user | FAILED_PRECONDITION | EtcdRequestException | false | NOT_APPLIED | once | once
			PERMISSION_NOT_GRANTED | FAILED_PRECONDITION | etcdserver: permission is not granted to the role | FAILED_PRECONDITION | EtcdRequestException | false | NOT_APPLIED | once | once
			AUTH_NOT_ENABLED | FAILED_PRECONDITION | etcdserver: authentication is not enabled | FAILED_PRECONDITION | EtcdRequestException | false | NOT_APPLIED | once | once
			INVALID_AUTH_TOKEN | UNAUTHENTICATED | etcdserver: invalid auth token | UNAUTHENTICATED | EtcdAuthenticationException | true | NOT_APPLIED | new token | new token
			INVALID_AUTH_MANAGEMENT | INVALID_ARGUMENT | etcdserver: invalid auth management | INVALID_ARGUMENT | EtcdRequestException | false | NOT_APPLIED | once | once
			AUTH_OLD_REVISION | INVALID_ARGUMENT | etcdserver: revision of auth store is old | INVALID_ARGUMENT | EtcdAuthenticationException | true | NOT_APPLIED | new token | new token
			NO_LEADER | UNAVAILABLE | etcdserver: no leader | UNAVAILABLE | EtcdUnavailableException | true | NOT_APPLIED | again | again
			NOT_LEADER | FAILED_PRECONDITION | etcdserver: not leader | FAILED_PRECONDITION | EtcdRequestException | false | NOT_APPLIED | once | once
			LEADER_CHANGED | UNAVAILABLE | etcdserver: leader changed | UNAVAILABLE | EtcdUnavailableException | true | UNKNOWN | again | once
			NOT_CAPABLE | FAILED_PRECONDITION | etcdserver: not capable | FAILED_PRECONDITION | EtcdUnsupportedException | false | NOT_APPLIED | once | once
			STOPPED | UNAVAILABLE | etcdserver: server stopped | UNAVAILABLE | EtcdUnavailableException | true | UNKNOWN | again | once
			TIMEOUT | UNAVAILABLE | etcdserver: request timed out | UNAVAILABLE | EtcdUnavailableException | true | UNKNOWN | again | once
			TIMEOUT_DUE_TO_LEADER_FAIL | UNAVAILABLE | etcdserver: request timed out, possibly due to previous leader failure | UNAVAILABLE | EtcdUnavailableException | true | UNKNOWN | again | once
			TIMEOUT_DUE_TO_CONNECTION_LOST | UNAVAILABLE | etcdserver: request timed out, possibly due to connection lost | UNAVAILABLE | EtcdUnavailableException | true | UNKNOWN | again | once
			TIMEOUT_WAIT_APPLIED_INDEX | UNAVAILABLE | etcdserver: request timed out, waiting for the applied index took too long | UNAVAILABLE | EtcdUnavailableException | true | UNKNOWN | again | once
			UNHEALTHY | UNAVAILABLE | etcdserver: unhealthy cluster | UNAVAILABLE | EtcdUnavailableException | true | NOT_APPLIED | again | once
			CORRUPT | DATA_LOSS | etcdserver: corrupt cluster | DATA_LOSS | EtcdServerException | false | UNKNOWN | once | once
			NOT_SUPPORTED_FOR_LEARNER | FAILED_PRECONDITION | etcdserver: rpc not supported for learner | FAILED_PRECONDITION | EtcdUnavailableException | true | NOT_APPLIED | again | again
			BAD_LEADER_TRANSFEREE | FAILED_PRECONDITION | etcdserver: bad leader transferee | FAILED_PRECONDITION | EtcdRequestException | false | NOT_APPLIED | once | once
			WRONG_DOWNGRADE_VERSION_FORMAT | INVALID_ARGUMENT | etcdserver: wrong downgrade target version format | INVALID_ARGUMENT | EtcdRequestException | false | NOT_APPLIED | once | once
			INVALID_DOWNGRADE_TARGET_VERSION | INVALID_ARGUMENT | etcdserver: invalid downgrade target version | INVALID_ARGUMENT | EtcdRequestException | false | NOT_APPLIED | once | once
			CLUSTER_VERSION_UNAVAILABLE | FAILED_PRECONDITION | etcdserver: cluster version not found during downgrade | FAILED_PRECONDITION | EtcdRequestException | true | NOT_APPLIED | once | once
			DOWNGRADE_IN_PROCESS | FAILED_PRECONDITION | etcdserver: cluster has a downgrade job in progress | FAILED_PRECONDITION | EtcdRequestException | false | NOT_APPLIED | once | once
			NO_INFLIGHT_DOWNGRADE | FAILED_PRECONDITION | etcdserver: no inflight downgrade job | FAILED_PRECONDITION | EtcdRequestException | false | NOT_APPLIED | once | once
			CANCELED | CANCELLED | etcdserver: request canceled | CANCELLED | EtcdUnavailableException | true | UNKNOWN | again | once
			DEADLINE_EXCEEDED | DEADLINE_EXCEEDED | etcdserver: context deadline exceeded | DEADLINE_EXCEEDED | EtcdTimeoutException | true | UNKNOWN | again | once
			NOT_PRIMARY_LESSOR | UNKNOWN | not a primary lessor | UNAVAILABLE | EtcdUnavailableException | true | UNKNOWN | again | once
			TIMEOUT_LEADER_TRANSFER | UNKNOWN | etcdserver: request timed out, leader transfer took too long | UNAVAILABLE | EtcdUnavailableException | true | UNKNOWN | again | once
			NO_PASSWORD_USER | UNKNOWN | auth: authentication failed, password was given for no password user | UNKNOWN | EtcdAuthenticationException | false | NOT_APPLIED | once | once
			UNKNOWN_METHOD | UNKNOWN | etcdserver: unknown method | UNKNOWN | EtcdUnsupportedException | false | NOT_APPLIED | once | once
			PROPOSAL_DROPPED | UNKNOWN | raft proposal dropped | UNAVAILABLE | EtcdUnavailableException | true | NOT_APPLIED | again | again
			ELECTION_NO_LEADER | UNKNOWN | election: no leader | UNKNOWN | EtcdRequestException | false | NOT_APPLIED | once | once
			ELECTION_NOT_LEADER | UNKNOWN | election: not leader | UNKNOWN | LeaseLostException | false | NOT_APPLIED | once | once
			ELECTION_LEADER_MISSING | UNKNOWN | "leader" field must be provided | UNKNOWN | EtcdRequestException | false | NOT_APPLIED | once | once
			MUTEX_SESSION_EXPIRED | UNKNOWN | mutex: session is expired | UNKNOWN | LeaseLostException | false | NOT_APPLIED | once | once
			""";

	/** Longer than any pause between attempts. */
	private static final Duration STEP = Duration.ofMillis(30);

	@RegisterExtension
	final ScriptedCluster cluster = new ScriptedCluster();

	private final FakeClock clock = new FakeClock();

	private ScriptedEtcd first;

	private ScriptedEtcd second;

	@BeforeEach
	void start() {
		this.first = this.cluster.member();
		this.second = this.cluster.member();
	}

	@Test
	void areTheRowsOfTheTable() {
		assertThat(rows()).extracting(Row::error).containsExactly(EtcdError.values()).hasSize(72);
		assertThat(EtcdError.values()).extracting(EtcdError::message).doesNotHaveDuplicates();
	}

	@ParameterizedTest
	@CsvSource({ "auth: permission denied, PERMISSION_DENIED", "auth: user name is empty, USER_EMPTY",
			"auth: invalid auth token, INVALID_AUTH_TOKEN", "context canceled, CANCELED",
			"context deadline exceeded, DEADLINE_EXCEEDED" })
	void knowsAnErrorThatAServiceDoesNotTranslate(String message, EtcdError error) {
		assertThat(EtcdError.ofMessage(message)).contains(error);
	}

	@ParameterizedTest
	@MethodSource("rows")
	void tellWhatTheCallerCanDo(Row row) {
		EtcdClient client = this.cluster.client(this.clock, this.first, this.second);
		this.first.put().otherwiseFail(row.status());
		this.second.put().otherwiseFail(row.status());

		CompletableFuture<?> write = client.kv().putAsync("key", "value");

		this.clock.passDelaysUntil(write::isDone, STEP);
		EtcdException failure = (EtcdException) failureOf(write);
		assertThat(failure.error()).contains(row.error());
		assertThat(failure.serverMessage()).contains(row.message());
		assertThat(failure.code()).isEqualTo(row.code()).isEqualTo(row.error().code());
		assertThat(failure.getClass().getSimpleName()).isEqualTo(row.exception());
		assertThat(failure.isRetryable()).isEqualTo(row.retryable());
		assertThat(failure.outcome()).isEqualTo(row.outcome());
		assertThat(failure.attempts()).isEqualTo(row.write().equals("again") ? RetryPolicy.MAX_ATTEMPTS : 1);
		assertThat(this.first.put().count() + this.second.put().count()).isEqualTo(failure.attempts());
	}

	@ParameterizedTest
	@MethodSource("rows")
	void tellWhichCallsAreRepeated(Row row) {
		EtcdClient client = this.cluster.client((options) -> options.credentials(new EtcdCredentials("user", "secret")),
				this.first, this.second);
		Stream.of(this.first, this.second).forEach((member) -> {
			member.range().thenFail(row.status());
			member.put().thenFail(row.status());
		});

		assertThat(succeeds(client.kv().getAsync("key"))).as("read").isEqualTo(!row.read().equals("once"));
		assertThat(succeeds(client.kv().putAsync("key", "value"))).as("write").isEqualTo(!row.write().equals("once"));

		int logins = this.first.authenticate().count() + this.second.authenticate().count();
		assertThat(logins > 1).as("another login").isEqualTo(row.read().equals("new token"));
	}

	/** Before etcd 3.6 some had another code, and a proxy may give them any. */
	@ParameterizedTest
	@EnumSource(value = EtcdError.class, names = { "NOT_CAPABLE", "NOT_SUPPORTED_FOR_LEARNER", "TOO_MANY_REQUESTS" })
	void areKnownUnderAnyCode(EtcdError error) {
		Status status = Status.UNAVAILABLE.withDescription(error.message());

		CallFailure read = StatusTranslator.read(status, true);

		assertThat(read.kind()).isEqualTo(FailureKind.of(error));
		assertThat(read.code()).isEqualTo(error.code());
	}

	private static boolean succeeds(CompletableFuture<?> call) {
		await().until(call::isDone);
		return !call.isCompletedExceptionally();
	}

	static Stream<Row> rows() {
		return TABLE.lines().map((line) -> Row.of(line.split(" \\| ")));
	}

	/** A row of the table. */
	record Row(EtcdError error, Status status, StatusCode code, String exception, boolean retryable, Outcome outcome,
			String read, String write) {

		static Row of(String[] cells) {
			Status status = Status.fromCode(Status.Code.valueOf(cells[1])).withDescription(cells[2]);
			return new Row(EtcdError.valueOf(cells[0]), status, StatusCode.valueOf(cells[3]), cells[4],
					Boolean.parseBoolean(cells[5]), Outcome.valueOf(cells[6]), cells[7], cells[8]);
		}

		@Nullable String message() {
			return this.status.getDescription();
		}

	}

}
