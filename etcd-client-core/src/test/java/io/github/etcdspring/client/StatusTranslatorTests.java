/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.io.IOException;

import io.github.etcdspring.EtcdAuthenticationException;
import io.github.etcdspring.EtcdException;
import io.github.etcdspring.EtcdPermissionException;
import io.github.etcdspring.EtcdUnsupportedException;
import io.github.etcdspring.Outcome;
import io.github.etcdspring.StatusCode;
import io.grpc.Status;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of {@link StatusTranslator}: what a status says that holds none of etcd's own
 * errors, for those see {@link EtcdErrorTests}; and why a watch is refused.
 */
class StatusTranslatorTests {

	/**
	 * Columns: code on the wire, message, exception, code told, retryable, may be
	 * applied.
	 */
	@ParameterizedTest
	@CsvSource(delimiter = '|', value = {
			"RESOURCE_EXHAUSTED | grpc: received message larger than max (3 vs. 2) | EtcdRequestException | RESOURCE_EXHAUSTED | false | false",
			"RESOURCE_EXHAUSTED | gRPC message exceeds maximum size 2: 3 | EtcdRequestException | RESOURCE_EXHAUSTED | false | true",
			"RESOURCE_EXHAUSTED | Bandwidth exhausted | EtcdUnavailableException | RESOURCE_EXHAUSTED | true | true",
			"DEADLINE_EXCEEDED | context deadline exceeded | EtcdTimeoutException | DEADLINE_EXCEEDED | true | true",
			"UNKNOWN | context deadline exceeded | EtcdTimeoutException | DEADLINE_EXCEEDED | true | true",
			"UNKNOWN | context canceled | EtcdUnavailableException | CANCELLED | true | true",
			"CANCELLED | context canceled | EtcdUnavailableException | CANCELLED | true | true",
			"ABORTED | aborted | EtcdUnavailableException | ABORTED | true | true",
			"UNKNOWN | something else | EtcdServerException | UNKNOWN | false | true",
			"INTERNAL | something else | EtcdServerException | INTERNAL | false | true",
			"UNKNOWN | channel closed | EtcdUnavailableException | UNKNOWN | true | true",
			"INTERNAL | RST_STREAM closed stream. HTTP/2 error code: INTERNAL_ERROR | EtcdUnavailableException | INTERNAL | true | true",
			"INTERNAL | Received GOAWAY | EtcdUnavailableException | INTERNAL | true | true",
			"UNAUTHENTICATED | something else | EtcdAuthenticationException | UNAUTHENTICATED | false | false" })
	void tellsWhatTheCallerCanDo(Status.Code wire, String message, String exception, StatusCode told, boolean retryable,
			boolean mayBeApplied) {
		CallFailure read = StatusTranslator.read(Status.fromCode(wire).withDescription(message), true);

		EtcdException failure = read.toException("Put", Outcome.UNKNOWN, 2, "host:2379");
		assertThat(failure.getClass().getSimpleName()).isEqualTo(exception);
		assertThat(failure.code()).isEqualTo(told);
		assertThat(failure.isRetryable()).isEqualTo(retryable);
		assertThat(read.kind().mayBeApplied()).isEqualTo(mayBeApplied);
		assertThat(failure.serverMessage()).contains(message);
		assertThat(failure)
			.hasMessage("Put failed: " + message + " [" + told + ", outcome UNKNOWN, 2 attempts, last at host:2379]");
	}

	@Test
	void namesTheCallThatTheServerDoesNotHave() {
		Status unknown = Status.UNIMPLEMENTED.withDescription("unknown method Downgrade");

		EtcdException failure = StatusTranslator.read(unknown, true)
			.toException("Downgrade", Outcome.NOT_APPLIED, 1, "host:2379");

		assertThat(failure).isInstanceOf(EtcdUnsupportedException.class)
			.hasMessage("Downgrade is unsupported by this server: unknown method Downgrade "
					+ "[UNIMPLEMENTED, outcome NOT_APPLIED, 1 attempt, last at host:2379]");
		assertThat(failure.error()).isEmpty();
		assertThat(failure.isRetryable()).isFalse();
	}

	@ParameterizedTest
	@EnumSource(value = Status.Code.class, names = "OK", mode = EnumSource.Mode.EXCLUDE)
	void readsEveryCodeWithoutMessage(Status.Code code) {
		CallFailure read = StatusTranslator.read(Status.fromCode(code), true);

		assertThat(read.code()).isEqualTo(StatusCode.valueOf(code.name()));
		assertThat(read.message()).isEqualTo("no message");
		EtcdException failure = read.toException("Put", Outcome.UNKNOWN, 1, null);
		assertThat(failure.code()).isEqualTo(read.code());
		assertThat(failure.serverMessage()).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "Abrupt GOAWAY closed sent stream. HTTP/2 error code: NO_ERROR",
			"RST_STREAM closed stream. HTTP/2 error code: REFUSED_STREAM" })
	void takesTheConnectionsWordThatAMemberDidNotLookAtACallAndNobodyElses(String message) {
		Status status = Status.UNAVAILABLE.withDescription(message);

		assertThat(StatusTranslator.read(status, false).kind()).isEqualTo(FailureKind.NOT_EXECUTED);
		assertThat(StatusTranslator.read(status, true).kind()).isEqualTo(FailureKind.UNAVAILABLE);
	}

	@ParameterizedTest
	@ValueSource(
			strings = { "Network closed for unknown reason", "GOAWAY shut down transport. HTTP/2 error code: NO_ERROR",
					"Abrupt GOAWAY closed unsent stream. HTTP/2 error code: NO_ERROR",
					"Connection closed while stream is buffered", "channel closed" })
	void knowsThatACallIsUnsentWhoseConnectionIsGone(String message) {
		assertThat(StatusTranslator.isUnsent(Status.UNAVAILABLE.withDescription(message))).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "Keepalive failed. The connection is likely gone", "Channel shutdownNow invoked",
			"no answer in time", "Abrupt GOAWAY closed sent stream. HTTP/2 error code: INTERNAL_ERROR",
			"RST_STREAM closed stream. HTTP/2 error code: CANCEL" })
	void takesNoCallForUnsentThatMayWaitInABuffer(String message) {
		assertThat(StatusTranslator.isUnsent(Status.UNAVAILABLE.withDescription(message))).isFalse();
	}

	@Test
	void takesASuccessWithoutAnswerForALostOne() {
		CallFailure read = StatusTranslator.read(Status.OK, true);

		assertThat(read.kind()).isEqualTo(FailureKind.UNAVAILABLE);
		assertThat(read.code()).isEqualTo(StatusCode.UNAVAILABLE);
	}

	@ParameterizedTest
	@EnumSource(value = Status.Code.class, names = { "UNKNOWN", "INTERNAL" })
	void takesABrokenConnectionForUnavailableWhateverItsCode(Status.Code code) {
		Throwable cause = new IOException("Connection reset by peer");

		CallFailure read = StatusTranslator.read(Status.fromCode(code).withCause(cause), false);

		assertThat(read.kind()).isEqualTo(FailureKind.UNAVAILABLE);
		assertThat(read.cause()).isSameAs(cause);
	}

	@Test
	void takesAConnectionWhoseOtherSideBreaksTheProtocolForUnavailable() {
		Status status = Status.INTERNAL.withDescription("http2 exception");

		assertThat(StatusTranslator.read(status, false).kind()).isEqualTo(FailureKind.UNAVAILABLE);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', value = {
			"rpc error: code = PermissionDenied desc = etcdserver: permission denied | PERMISSION | PERMISSION_DENIED | etcdserver: permission denied",
			"rpc error: code = Unauthenticated desc = etcdserver: invalid auth token | TOKEN | UNAUTHENTICATED | etcdserver: invalid auth token",
			"rpc error: code = InvalidArgument desc = etcdserver: user name is empty | TOKEN | INVALID_ARGUMENT | etcdserver: user name is empty",
			"rpc error: code = InvalidArgument desc = etcdserver: revision of auth store is old | TOKEN | INVALID_ARGUMENT | etcdserver: revision of auth store is old",
			"etcdserver: permission denied | PERMISSION | PERMISSION_DENIED | etcdserver: permission denied",
			"etcdserver: mvcc: required revision has been compacted | COMPACTED | OUT_OF_RANGE | etcdserver: mvcc: required revision has been compacted",
			"mvcc: watcher range is empty | REFUSED | FAILED_PRECONDITION | mvcc: watcher range is empty",
			"rpc error: code = Unavailable desc = strange | UNAVAILABLE | UNAVAILABLE | strange",
			"rpc error: code = Unknown desc = strange | SERVER | UNKNOWN | strange" })
	void readsWhyAWatchWasRefused(String reason, FailureKind kind, StatusCode code, String message) {
		CallFailure read = StatusTranslator.readCancelReason(reason);

		assertThat(read).isEqualTo(new CallFailure(kind, code, message, message, null));
	}

	@Test
	void saysWhyAConnectionFailedInTheWordsOfTheFirstCauseThatHasAny() {
		Throwable refused = new IOException("Connection refused: /127.0.0.1:1", new IOException("Connection refused"));
		Status failed = Status.UNAVAILABLE.withDescription("io exception").withCause(refused);
		Status closed = Status.UNAVAILABLE
			.withDescription("Connection closed while performing TLS negotiation\nChannel Pipeline: [SslHandler#0]")
			.withCause(new IOException());
		Status dropped = Status.UNAVAILABLE.withDescription("Network closed for unknown reason");

		assertThat(StatusTranslator.readUnreached(failed).message()).isEqualTo("Connection refused: /127.0.0.1:1");
		assertThat(StatusTranslator.readUnreached(failed).cause()).isSameAs(refused);
		assertThat(StatusTranslator.readUnreached(closed).message())
			.isEqualTo("Connection closed while performing TLS negotiation");
		assertThat(StatusTranslator.readUnreached(dropped).message())
			.isEqualTo("closed by the other side, as by one that expects https");
	}

	@Test
	void putsNoWordsInTheMouthOfAServerThatGivesNoReason() {
		EtcdException failure = StatusTranslator.readCancelReason("")
			.toException("Watch", Outcome.NOT_APPLIED, 1, null);

		assertThat(failure).hasMessageStartingWith("Watch failed: no reason given");
		assertThat(failure.serverMessage()).isEmpty();
	}

	@Test
	void tellsTheConnectionsWordsFromTheServers() {
		Status broken = Status.UNAVAILABLE.withDescription("io exception").withCause(new IOException("reset"));
		Status known = Status.UNAVAILABLE.withDescription("etcdserver: leader changed");

		assertThat(StatusTranslator.read(broken, false).toException("Put", Outcome.UNKNOWN, 1, null))
			.hasMessageStartingWith("Put failed: io exception")
			.satisfies((failure) -> assertThat(failure.serverMessage()).isEmpty());
		assertThat(StatusTranslator.read(known, false).toException("Put", Outcome.UNKNOWN, 1, null).serverMessage())
			.contains("etcdserver: leader changed");
	}

	@Test
	void tellsARefusedTokenFromARefusedUser() {
		EtcdException token = StatusTranslator.readCancelReason("etcdserver: invalid auth token")
			.toException("Watch", Outcome.NOT_APPLIED, 1, null);
		EtcdException user = StatusTranslator.readCancelReason("etcdserver: permission denied")
			.toException("Watch", Outcome.NOT_APPLIED, 1, null);

		assertThat(token).isInstanceOf(EtcdAuthenticationException.class);
		assertThat(user).isInstanceOf(EtcdPermissionException.class);
	}

}
