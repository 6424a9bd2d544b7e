/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

import io.github.etcdspring.EtcdAuthenticationException;
import io.github.etcdspring.EtcdError;
import io.github.etcdspring.EtcdException;
import io.github.etcdspring.EtcdPermissionException;
import io.github.etcdspring.EtcdTimeoutException;
import io.github.etcdspring.EtcdUnavailableException;
import io.github.etcdspring.Outcome;
import io.github.etcdspring.fixture.FakeClock;
import io.github.etcdspring.fixture.ScriptedCall;
import io.github.etcdspring.fixture.ScriptedCluster;
import io.github.etcdspring.fixture.ScriptedEtcd;
import io.github.etcdspring.internal.proto.AuthProto.AuthenticateResponse;
import io.github.etcdspring.internal.proto.KvProto;
import io.grpc.Status;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static io.github.etcdspring.fixture.Results.failureOf;
import static io.github.etcdspring.fixture.Results.resultOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

/**
 * Tests of {@link TokenSource} and of what a call does about its token.
 */
class AuthenticationTests {

	private static final Status INVALID_TOKEN = Status.UNAUTHENTICATED
		.withDescription("etcdserver: invalid auth token");

	private static final Status WRONG_PASSWORD = Status.INVALID_ARGUMENT
		.withDescription("etcdserver: authentication failed, invalid user ID or password");

	@RegisterExtension
	final ScriptedCluster cluster = new ScriptedCluster();

	private final FakeClock clock = new FakeClock();

	@Test
	void authenticatesOnceForFiftyFirstCalls() {
		ScriptedEtcd member = this.cluster.member();
		member.authenticate().otherwiseHold();
		EtcdClient client = client(member);
		List<CompletableFuture<?>> calls = fiftyReads(client);

		member.authenticate().awaitCall(0).answer(AuthenticateResponse.newBuilder().setToken("the-token").build());

		resultOf(CompletableFuture.allOf(calls.toArray(CompletableFuture[]::new)));
		assertThat(member.authenticate().count()).isEqualTo(1);
		assertThat(member.authenticate().calls().get(0).request().getName()).isEqualTo("user");
		assertThat(member.authenticate().calls().get(0).request().getPassword()).isEqualTo("secret");
		assertThat(tokens(member)).hasSize(50).containsOnly("the-token");
	}

	@Test
	void authenticatesOnceMoreForFiftyCallsWhoseTokenIsInvalid() {
		ScriptedEtcd member = this.cluster.member();
		acceptOnly(member, "token-1");
		EtcdClient client = client(member);
		client.kv().get("key");
		acceptOnly(member, "token-2");

		resultOf(CompletableFuture.allOf(fiftyReads(client).toArray(CompletableFuture[]::new)));

		assertThat(member.authenticate().count()).isEqualTo(2);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			value = { "UNAUTHENTICATED | etcdserver: invalid auth token",
					"INVALID_ARGUMENT | etcdserver: user name is empty",
					"INVALID_ARGUMENT | etcdserver: revision of auth store is old" })
	void repeatsAWriteWithAnotherTokenWhenTheServerRefusesTheFirst(Status.Code code, String message) {
		ScriptedEtcd member = this.cluster.member();
		member.put().thenFail(Status.fromCode(code).withDescription(message));

		client(member).kv().put("key", "value");

		assertThat(member.put().calls()).extracting((call) -> call.header("token"))
			.containsExactly("token-1", "token-2");
	}

	@Test
	void keepsAFreshTokenWhenAnOlderCallFailsWithTheOneBefore() {
		ScriptedEtcd member = this.cluster.member();
		member.put().thenHold();
		member.range().thenFail(INVALID_TOKEN);
		EtcdClient client = client(member);
		CompletableFuture<?> old = client.kv().putAsync("key", "value");
		ScriptedCall<?, ?> held = member.put().awaitCall(0);
		client.kv().get("key");

		held.fail(INVALID_TOKEN);

		resultOf(old);
		assertThat(member.authenticate().count()).isEqualTo(2);
		assertThat(member.put().calls()).extracting((call) -> call.header("token"))
			.containsExactly("token-1", "token-2");
	}

	@Test
	void givesUpWhenEveryTokenIsInvalid() {
		ScriptedEtcd member = this.cluster.member();
		member.range().otherwiseFail(INVALID_TOKEN);
		EtcdClient client = client(member);

		EtcdException failure = catchThrowableOfType(EtcdException.class, () -> client.kv().get("key"));

		assertThat(failure).isInstanceOf(EtcdAuthenticationException.class);
		assertThat(failure.outcome()).isEqualTo(Outcome.NOT_APPLIED);
		assertThat(member.range().count()).isEqualTo(6);
		assertThat(member.authenticate().count()).isEqualTo(6);
	}

	@Test
	void sendsNoTokenWhenAuthenticationIsOff() {
		ScriptedEtcd member = this.cluster.member();
		member.authenticate()
			.otherwiseFail(Status.FAILED_PRECONDITION.withDescription("etcdserver: authentication is not enabled"));
		EtcdClient client = client(member);

		client.kv().get("key");
		client.kv().put("key", "value");

		assertThat(tokens(member)).containsOnlyNulls();
		assertThat(member.authenticate().count()).isEqualTo(1);
	}

	@Test
	void asksForATokenWhenAuthenticationIsTurnedOnLater() {
		ScriptedEtcd member = this.cluster.member();
		member.authenticate()
			.thenFail(Status.FAILED_PRECONDITION.withDescription("etcdserver: authentication is not enabled"));
		EtcdClient client = client(member);
		client.kv().get("key");
		member.range().thenFail(Status.INVALID_ARGUMENT.withDescription("etcdserver: user name is empty"));

		client.kv().get("key");

		assertThat(tokens(member)).containsExactly(null, null, "token-1");
	}

	@Test
	void failsWithoutThePasswordInItsMessageWhenThePasswordIsWrong() {
		ScriptedEtcd member = this.cluster.member();
		member.authenticate().otherwiseFail(WRONG_PASSWORD);
		EtcdClient client = client(member);

		EtcdException failure = catchThrowableOfType(EtcdException.class, () -> client.kv().put("key", "value"));

		assertThat(failure).isInstanceOf(EtcdAuthenticationException.class)
			.hasMessageContaining("invalid user ID or password")
			.hasMessageNotContaining("secret");
		assertThat(failure.error()).contains(EtcdError.AUTH_FAILED);
		assertThat(failure).hasStackTraceContaining("Authenticate").satisfies(AuthenticationTests::hidesThePassword);
		assertThat(failure.outcome()).isEqualTo(Outcome.NOT_APPLIED);
		assertThat(failure.isRetryable()).isFalse();
		assertThat(member.put().count()).isZero();
	}

	@Test
	void triesAWrongPasswordAgainAfterFiveSecondsOnly() {
		ScriptedEtcd member = this.cluster.member();
		member.authenticate().otherwiseFail(WRONG_PASSWORD);
		EtcdClient client = this.cluster
			.client((options) -> options.credentials(new EtcdCredentials("user", "secret")).ticker(this.clock), member);
		assertThatExceptionOfType(EtcdAuthenticationException.class).isThrownBy(() -> client.kv().get("key"));

		this.clock.advance(Duration.ofMillis(4999));
		EtcdException early = catchThrowableOfType(EtcdException.class, () -> client.kv().get("key"));
		int countEarly = member.authenticate().count();
		this.clock.advance(Duration.ofMillis(1));
		EtcdException late = catchThrowableOfType(EtcdException.class, () -> client.kv().get("key"));

		assertThat(countEarly).isEqualTo(1);
		assertThat(member.authenticate().count()).isEqualTo(2);
		assertThat(early).isInstanceOf(EtcdAuthenticationException.class).isNotSameAs(late);
		assertThat(late).isInstanceOf(EtcdAuthenticationException.class);
	}

	@Test
	void authenticatesAgainAtOnceWhenNoMemberCouldBeAsked() {
		ScriptedEtcd member = this.cluster.member();
		member.authenticate().thenFail(Status.UNKNOWN.withDescription("strange"));
		EtcdClient client = client(member);

		EtcdException failure = catchThrowableOfType(EtcdException.class, () -> client.kv().put("key", "value"));
		client.kv().put("key", "value");

		assertThat(failure).isInstanceOf(EtcdUnavailableException.class)
			.hasMessageStartingWith("Put failed: Authenticate failed: strange");
		assertThat(failure.outcome()).isEqualTo(Outcome.NOT_APPLIED);
		assertThat(member.authenticate().count()).isEqualTo(2);
	}

	@Test
	void asksForNoOtherTokenWhenPermissionIsDenied() {
		ScriptedEtcd member = this.cluster.member();
		member.put().otherwiseFail(Status.PERMISSION_DENIED.withDescription("etcdserver: permission denied"));
		EtcdClient client = client(member);

		EtcdException failure = catchThrowableOfType(EtcdException.class, () -> client.kv().put("key", "value"));

		assertThat(failure).isInstanceOf(EtcdPermissionException.class);
		assertThat(failure.outcome()).isEqualTo(Outcome.NOT_APPLIED);
		assertThat(member.put().count()).isEqualTo(1);
		assertThat(member.authenticate().count()).isEqualTo(1);
	}

	@Test
	void sendsNoTokenAndAsksForNoneWhenThereAreNoCredentials() {
		ScriptedEtcd member = this.cluster.member();
		member.range().thenFail(Status.INVALID_ARGUMENT.withDescription("etcdserver: user name is empty"));
		EtcdClient client = this.cluster.client(member);

		EtcdException failure = catchThrowableOfType(EtcdException.class, () -> client.kv().get("key"));

		assertThat(failure).isInstanceOf(EtcdAuthenticationException.class);
		assertThat(tokens(member)).hasSize(1).containsOnlyNulls();
		assertThat(member.authenticate().count()).isZero();
	}

	@Test
	void keepsToItsTimeoutWhenTheNextTokenIsLate() {
		ScriptedEtcd member = this.cluster.member();
		EtcdClient client = steppedClient(member);
		client.kv().get("key");
		member.put().thenHold();
		member.authenticate().otherwiseHold();
		CompletableFuture<?> call = client.kv().putAsync("key", "value");
		ScriptedCall<?, ?> held = member.put().awaitCall(0);
		this.clock.advance(Duration.ofMillis(9900));

		held.fail(INVALID_TOKEN);

		awaitTask(Duration.ofMillis(100));
		this.clock.advance(Duration.ofMillis(100));
		assertThat(failureOf(call)).isInstanceOfSatisfying(EtcdTimeoutException.class,
				(timeout) -> assertThat(timeout.outcome()).isEqualTo(Outcome.NOT_APPLIED));
	}

	@Test
	void keepsToItsTimeoutWhenItsRepetitionFindsTheLoginOfAnotherCallPending() {
		ScriptedEtcd member = this.cluster.member();
		EtcdClient client = steppedClient(member);
		client.kv().get("key");
		member.range().thenHold();
		member.put().thenFail(INVALID_TOKEN);
		member.authenticate().otherwiseHold();
		CompletableFuture<?> call = client.kv().getAsync("key");
		ScriptedCall<?, ?> held = member.range().awaitCall(1);
		this.clock.advance(Duration.ofMillis(9900));
		client.kv().putAsync("other", "");
		member.authenticate().awaitCall(1);

		held.fail(Status.UNAVAILABLE.withDescription("etcdserver: leader changed"));

		awaitTask(Duration.ofMillis(30));
		this.clock.advance(Duration.ofMillis(30));
		assertThat(call.isDone()).isFalse();
		this.clock.advance(Duration.ofMillis(70));
		assertThat(failureOf(call)).isInstanceOf(EtcdTimeoutException.class)
			.hasMessageStartingWith("Range failed: no answer within 10000 ms; before: etcdserver: leader changed");
	}

	@Test
	void asksForATokenItselfWhenTheLoginThatItJoinedTimesOut() {
		ScriptedEtcd member = this.cluster.member();
		member.authenticate().thenHold();
		EtcdClient client = steppedClient(member);
		CompletableFuture<?> early = client.kv().getAsync("early");
		ScriptedCall<?, ?> login = member.authenticate().awaitCall(0);
		this.clock.advance(Duration.ofMillis(9900));
		CompletableFuture<?> late = client.kv().putAsync("late", "");
		this.clock.advance(Duration.ofMillis(100));

		login.fail(Status.DEADLINE_EXCEEDED);

		awaitTask(Duration.ofMillis(30));
		this.clock.advance(Duration.ofMillis(30));
		resultOf(late);
		assertThat(failureOf(early)).isInstanceOf(EtcdUnavailableException.class)
			.hasMessageStartingWith("Range failed: no token could be obtained within 10000 ms at [" + member.endpoint()
					+ "] [UNAVAILABLE, outcome NOT_APPLIED");
		assertThat(member.authenticate().count()).isEqualTo(2);
	}

	/** Waits until something has been told to run after a delay of at most so long. */
	private void awaitTask(Duration longest) {
		await().until(() -> !this.clock.delaysUpTo(longest).isEmpty());
	}

	private EtcdClient steppedClient(ScriptedEtcd member) {
		return this.cluster.client((options) -> options.credentials(new EtcdCredentials("user", "secret"))
			.ticker(this.clock)
			.scheduler(this.clock), member);
	}

	private EtcdClient client(ScriptedEtcd member) {
		return this.cluster.client((options) -> options.credentials(new EtcdCredentials("user", "secret")), member);
	}

	private static List<CompletableFuture<?>> fiftyReads(EtcdClient client) {
		return IntStream.range(0, 50).<CompletableFuture<?>>mapToObj((i) -> client.kv().getAsync("key" + i)).toList();
	}

	private static void acceptOnly(ScriptedEtcd member, String token) {
		member.range().otherwise((call) -> {
			if (token.equals(call.header("token"))) {
				call.answer(KvProto.RangeResponse.getDefaultInstance());
			}
			else {
				call.fail(INVALID_TOKEN);
			}
		});
	}

	private static List<String> tokens(ScriptedEtcd member) {
		return member.range().calls().stream().map((call) -> call.header("token")).toList();
	}

	private static void hidesThePassword(Throwable failure) {
		for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
			assertThat(cause.toString()).doesNotContain("secret");
		}
	}

}
