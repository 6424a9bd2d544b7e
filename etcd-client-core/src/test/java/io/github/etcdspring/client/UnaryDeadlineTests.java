/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.net.ConnectException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import io.github.etcdspring.EtcdCancelledException;
import io.github.etcdspring.EtcdException;
import io.github.etcdspring.EtcdTimeoutException;
import io.github.etcdspring.EtcdUnavailableException;
import io.github.etcdspring.Outcome;
import io.github.etcdspring.StatusCode;
import io.github.etcdspring.fixture.FakeClock;
import io.github.etcdspring.fixture.ScriptedCluster;
import io.github.etcdspring.fixture.ScriptedEtcd;
import io.github.etcdspring.kv.PutResult;
import io.github.etcdspring.kv.RangeResult;
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
 * Tests of {@link UnaryCall}: deadlines, cancelling, interrupting.
 */
class UnaryDeadlineTests {

	private static final Duration TIMEOUT = Duration.ofMillis(500);

	/** The timeout has room for 18 of the longest and 22 of the shortest. */
	private static final Duration LONGEST_PAUSE = Duration.ofNanos(27_500_000);

	/** Far less than the default timeout, far more than a machine under load needs. */
	private static final Duration GRACE = Duration.ofSeconds(5);

	@RegisterExtension
	final ScriptedCluster cluster = new ScriptedCluster();

	@Test
	void timesOutWithUnknownOutcomeWhenAMemberHangs() {
		ScriptedEtcd member = this.cluster.member();
		EtcdClient client = impatientClient(member);
		member.put().otherwiseHold();
		long begin = System.nanoTime();

		EtcdException failure = catchThrowableOfType(EtcdException.class, () -> client.kv().put("key", "value"));

		assertThat(since(begin)).isBetween(TIMEOUT, TIMEOUT.plus(GRACE));
		assertThat(failure).isInstanceOf(EtcdTimeoutException.class)
			.hasMessageStartingWith(
					"Put failed: no answer within 500 ms [DEADLINE_EXCEEDED, outcome UNKNOWN, 1 attempt");
		assertThat(failure.isRetryable()).isTrue();
		assertThat(failure.endpoint()).contains(member.address());
		assertThat(member.put().count()).isEqualTo(1);
		await().until(member.put().calls().get(0)::isCancelled);
	}

	@Test
	void countsOneTimeoutOverAllAttempts() {
		FakeClock clock = new FakeClock();
		ScriptedEtcd member = this.cluster.member();
		member.range().otherwiseFail(Status.UNAVAILABLE.withDescription("etcdserver: no leader"));
		EtcdClient client = this.cluster
			.client((options) -> options.ticker(clock).scheduler(clock).requestTimeout(TIMEOUT), member);
		CompletableFuture<RangeResult> call = client.kv().getAsync("key");

		clock.passDelaysUntil(call::isDone, LONGEST_PAUSE);

		EtcdException failure = (EtcdException) failureOf(call);
		assertThat(failure).isInstanceOf(EtcdTimeoutException.class)
			.hasMessageContaining("no answer within 500 ms; before: etcdserver: no leader");
		assertThat(failure.attempts()).isBetween(19, 23);
	}

	@Test
	void endsACallInTimeThoughAGivenSchedulerRunsNothing() {
		ScriptedEtcd member = this.cluster.member();
		member.put().otherwiseHold();
		EtcdClient client = this.cluster.client((options) -> options.scheduler(new FakeClock()).requestTimeout(TIMEOUT),
				member);

		assertThat(failureOf(client.kv().putAsync("key", "value"))).isInstanceOf(EtcdTimeoutException.class);
	}

	@Test
	void namesTheEndpointsAndTheReasonWhenNoMemberCanBeReached() {
		ScriptedEtcd member = this.cluster.member();
		member.stop();
		EtcdClient client = this.cluster.client((options) -> options.requestTimeout(TIMEOUT), member);
		long begin = System.nanoTime();

		EtcdException failure = catchThrowableOfType(EtcdException.class, () -> client.kv().put("key", "value"));

		assertThat(since(begin)).isBetween(TIMEOUT, TIMEOUT.plus(GRACE));
		assertThat(failure).isInstanceOf(EtcdUnavailableException.class)
			.hasCauseInstanceOf(ConnectException.class)
			.hasMessageStartingWith("Put failed: no member could be reached within 500 ms at [" + member.endpoint()
					+ "]: Connection refused: /" + member.address() + " [UNAVAILABLE, outcome NOT_APPLIED");
		assertThat(failure.isRetryable()).isTrue();
		assertThat(failure.endpoint()).isEmpty();
	}

	@Test
	void saysWhyNoMemberCanBeReachedWhenTheLoginIsWhatFails() {
		ScriptedEtcd member = this.cluster.member();
		member.stop();
		EtcdClient client = this.cluster.client(
				(options) -> options.requestTimeout(TIMEOUT).credentials(new EtcdCredentials("user", "secret")),
				member);

		assertThatExceptionOfType(EtcdUnavailableException.class).isThrownBy(() -> client.kv().get("key"))
			.withMessageContaining("]: Connection refused: /" + member.address());
	}

	@ParameterizedTest
	@CsvSource({ "https://ADDRESS, not an SSL/TLS record",
			"http://host.invalid:2379, no address found for [host.invalid]" })
	void saysWhyNoMemberCanBeReachedUnderAnEndpointThatIsWrong(String endpoint, String reason) {
		ScriptedEtcd member = this.cluster.member();
		String wrong = endpoint.replace("ADDRESS", member.address());
		EtcdClient client = this.cluster
			.closing(EtcdClient.create(EtcdClientOptions.builder(List.of(wrong)).requestTimeout(TIMEOUT).build()));

		assertThatExceptionOfType(EtcdUnavailableException.class).isThrownBy(() -> client.kv().get("key"))
			.withMessageContaining("no member could be reached within 500 ms at [" + wrong + "]: " + reason);
		assertThat(member.range().count()).isZero();
	}

	@Test
	void waitsForAMemberThatComesBackInTime() {
		ScriptedEtcd member = this.cluster.member();
		member.stop();
		EtcdClient client = this.cluster.client(member);
		CompletableFuture<PutResult> call = client.kv().putAsync("key", "value");
		await().until(() -> client.connectionState() == ConnectionState.DISCONNECTED);

		member.start();

		await().atMost(Duration.ofSeconds(5)).until(call::isDone);
		assertThat(resultOf(call).revision()).isEqualTo(ScriptedEtcd.REVISION);
		await().until(() -> client.connectionState() == ConnectionState.CONNECTED);
	}

	@Test
	void cancelsTheRpcWhenTheFutureIsCancelled() {
		ScriptedEtcd member = this.cluster.member();
		member.put().otherwiseHold();
		EtcdClient client = this.cluster.client(member);
		CompletableFuture<PutResult> call = client.kv().putAsync("key", "value");
		member.put().awaitCall(0);

		call.cancel(true);

		await().until(member.put().calls().get(0)::isCancelled);
		assertThat(call.isCancelled()).isTrue();
	}

	@Test
	void leavesOtherCallsAloneWhenOneIsCancelled() {
		ScriptedEtcd member = this.cluster.member();
		member.put().otherwiseHold();
		EtcdClient client = this.cluster.client(member);
		List<CompletableFuture<PutResult>> calls = List.of(client.kv().putAsync("a", ""),
				client.kv().putAsync("b", ""));
		member.put().awaitCall(1);

		calls.get(0).cancel(false);

		await().until(() -> member.put().calls().stream().filter((call) -> call.isCancelled()).count() == 1);
		assertThat(calls.get(1).isDone()).isFalse();
		assertThat(client.kv().get("key").revision()).isEqualTo(ScriptedEtcd.REVISION);
	}

	@Test
	void sendsNothingWhenTheFutureIsCancelledBeforeAMemberIsReached() {
		ScriptedEtcd member = this.cluster.member();
		member.stop();
		EtcdClient client = this.cluster.client(member);
		CompletableFuture<PutResult> call = client.kv().putAsync("key", "value");
		await().until(() -> client.connectionState() == ConnectionState.DISCONNECTED);

		call.cancel(true);
		member.start();

		client.kv().get("key");
		assertThat(member.put().count()).isZero();
	}

	@Test
	void cancelsTheRpcAndLeavesTheFlagWhenTheThreadIsInterrupted() {
		ScriptedEtcd member = this.cluster.member();
		member.put().otherwiseHold();
		EtcdClient client = this.cluster.client(member);
		CompletableFuture<Boolean> flag = new CompletableFuture<>();
		CompletableFuture<EtcdException> thrown = new CompletableFuture<>();
		Thread caller = new Thread(() -> {
			thrown.complete(catchThrowableOfType(EtcdException.class, () -> client.kv().put("key", "value")));
			flag.complete(Thread.currentThread().isInterrupted());
		});
		caller.start();
		member.put().awaitCall(0);

		caller.interrupt();

		assertThat(resultOf(flag)).isTrue();
		assertThat(resultOf(thrown)).isInstanceOf(EtcdCancelledException.class)
			.hasCauseInstanceOf(InterruptedException.class);
		assertThat(resultOf(thrown).code()).isEqualTo(StatusCode.CANCELLED);
		assertThat(resultOf(thrown).outcome()).isEqualTo(Outcome.UNKNOWN);
		await().until(member.put().calls().get(0)::isCancelled);
	}

	@Test
	void throwsWithTheStackOfTheCaller() {
		ScriptedEtcd member = this.cluster.member();
		member.put().otherwiseFail(Status.INVALID_ARGUMENT);
		EtcdClient client = this.cluster.client(member);

		EtcdException failure = catchThrowableOfType(EtcdException.class, () -> client.kv().put("key", "value"));

		assertThat(failure.getStackTrace())
			.anyMatch((frame) -> frame.getMethodName().equals("throwsWithTheStackOfTheCaller"));
	}

	/** A client that has connected, so that connecting does not eat into its timeout. */
	private EtcdClient impatientClient(ScriptedEtcd member) {
		EtcdClient client = this.cluster.client((options) -> options.requestTimeout(TIMEOUT), member);
		await().ignoreExceptions().until(() -> client.kv().get("key") != null);
		return client;
	}

	private static Duration since(long begin) {
		return Duration.ofNanos(System.nanoTime() - begin);
	}

}
