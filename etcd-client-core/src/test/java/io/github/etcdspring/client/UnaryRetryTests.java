/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import io.github.etcdspring.EtcdException;
import io.github.etcdspring.EtcdRequestException;
import io.github.etcdspring.EtcdServerException;
import io.github.etcdspring.EtcdUnavailableException;
import io.github.etcdspring.Outcome;
import io.github.etcdspring.StatusCode;
import io.github.etcdspring.fixture.FakeClock;
import io.github.etcdspring.fixture.Results;
import io.github.etcdspring.fixture.ScriptedCluster;
import io.github.etcdspring.fixture.ScriptedEtcd;
import io.github.etcdspring.kv.RangeResult;
import io.grpc.Status;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static io.github.etcdspring.fixture.Results.resultOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

/**
 * Tests of {@link UnaryCall}: what is repeated, where, how often, after which pause.
 */
class UnaryRetryTests {

	private static final Status UNAVAILABLE = Status.UNAVAILABLE.withDescription("etcdserver: server stopped");

	/** Longer than any pause between attempts. */
	private static final Duration STEP = Duration.ofMillis(30);

	@RegisterExtension
	final ScriptedCluster cluster = new ScriptedCluster();

	private final FakeClock clock = new FakeClock();

	@Test
	void repeatsAReadOnAnotherMemberWhenOneIsUnavailable() {
		ScriptedEtcd ill = this.cluster.member();
		ScriptedEtcd well = this.cluster.member();
		ill.range().otherwiseFail(UNAVAILABLE);
		EtcdClient client = this.cluster.client(ill, well);
		awaitBothUsed(client, ill, well);
		int illBefore = ill.range().count();
		int wellBefore = well.range().count();

		for (int i = 0; i < 10; i++) {
			assertThat(client.kv().get("key").revision()).isEqualTo(ScriptedEtcd.REVISION);
		}

		assertThat(well.range().count() - wellBefore).isEqualTo(10);
		assertThat(ill.range().count() - illBefore).isBetween(5, 15);
	}

	@ParameterizedTest
	@ValueSource(strings = { "etcdserver: leader changed", "etcdserver: request timed out", "etcdserver: no leader",
			"not known to this client" })
	void repeatsAReadWhateverMakesTheMemberUnavailable(String message) {
		ScriptedEtcd member = this.cluster.member();
		member.range().thenFail(Status.UNAVAILABLE.withDescription(message));

		this.cluster.client(member).kv().get("key");

		assertThat(member.range().count()).isEqualTo(2);
	}

	@Test
	void pausesBeforeEveryRepetitionWhenThereIsOneMember() {
		ScriptedEtcd member = this.cluster.member();
		member.range().thenFail(UNAVAILABLE).thenFail(UNAVAILABLE).thenFail(UNAVAILABLE);
		CompletableFuture<RangeResult> call = this.cluster.client(this.clock, member).kv().getAsync("key");

		passTimeUntilDone(call);

		assertThat(resultOf(call).revision()).isEqualTo(ScriptedEtcd.REVISION);
		assertThat(member.range().count()).isEqualTo(4);
		assertThat(pauses()).hasSize(3)
			.allSatisfy(
					(pause) -> assertThat(pause).isBetween(Duration.ofNanos(22_500_000), Duration.ofNanos(27_500_000)));
	}

	@ParameterizedTest
	@ValueSource(ints = { 2, 3, 4, 5 })
	void pausesOnlyAfterEachQuorumOfAttempts(int size) {
		ScriptedEtcd[] members = members(size);
		EtcdClient client = this.cluster.client(this.clock, members);
		CompletableFuture<RangeResult> call = client.kv().getAsync("key");

		passTimeUntilDone(call);

		EtcdException failure = failureOf(call);
		assertThat(failure.attempts()).isEqualTo(100);
		assertThat(pauses()).hasSize(99 / (size / 2 + 1));
	}

	@Test
	void givesUpAfterAHundredAttempts() {
		ScriptedEtcd member = this.cluster.member();
		member.range().otherwiseFail(UNAVAILABLE);
		CompletableFuture<RangeResult> call = this.cluster.client(this.clock, member).kv().getAsync("key");

		passTimeUntilDone(call);

		EtcdException failure = failureOf(call);
		assertThat(failure).isInstanceOf(EtcdUnavailableException.class)
			.hasMessage("Range failed: etcdserver: server stopped "
					+ "[UNAVAILABLE, outcome UNKNOWN, 100 attempts, last at " + member.address() + "]");
		assertThat(member.range().count()).isEqualTo(100);
	}

	@Test
	void doesNotRepeatAPutThatReachedAMemberWhichBecameUnavailable() {
		ScriptedEtcd member = this.cluster.member();
		ScriptedEtcd other = this.cluster.member();
		member.put().otherwiseFail(UNAVAILABLE);
		other.put().otherwiseFail(UNAVAILABLE);
		EtcdClient client = this.cluster.client(member, other);

		EtcdException failure = catchThrowableOfType(EtcdException.class, () -> client.kv().put("key", "value"));

		assertThat(failure).isInstanceOf(EtcdUnavailableException.class);
		assertThat(failure.outcome()).isEqualTo(Outcome.UNKNOWN);
		assertThat(failure.isRetryable()).isTrue();
		assertThat(failure.attempts()).isEqualTo(1);
		assertThat(member.put().count() + other.put().count()).isEqualTo(1);
	}

	@ParameterizedTest
	@CsvSource({ "UNAVAILABLE", "DEADLINE_EXCEEDED", "CANCELLED", "ABORTED", "INTERNAL", "UNKNOWN", "DATA_LOSS" })
	void saysThatAPutMayBeAppliedWhenTheMemberFailedInTheMiddleOfIt(Status.Code code) {
		ScriptedEtcd member = this.cluster.member();
		member.put().otherwiseFail(Status.fromCode(code));
		EtcdClient client = this.cluster.client(member);

		EtcdException failure = catchThrowableOfType(EtcdException.class, () -> client.kv().put("key", "value"));

		assertThat(failure.outcome()).isEqualTo(Outcome.UNKNOWN);
		assertThat(failure.code()).isEqualTo(StatusCode.valueOf(code.name()));
		assertThat(member.put().count()).isEqualTo(1);
	}

	@ParameterizedTest
	@CsvSource({ "DEADLINE_EXCEEDED", "CANCELLED", "ABORTED" })
	void repeatsAReadThatTheMemberGaveUp(Status.Code code) {
		ScriptedEtcd member = this.cluster.member();
		member.range().thenFail(Status.fromCode(code));

		this.cluster.client(member).kv().get("key");

		assertThat(member.range().count()).isEqualTo(2);
	}

	@Test
	void doesNotRepeatAPutWhoseConnectionBroke() {
		ScriptedEtcd member = this.cluster.member();
		member.put().otherwiseHold();
		EtcdClient client = this.cluster.client(member);
		CompletableFuture<?> call = client.kv().putAsync("key", "value");
		member.put().awaitCall(0);

		member.stop();
		member.start();

		EtcdException failure = failureOf(call);
		assertThat(failure).isInstanceOf(EtcdUnavailableException.class);
		assertThat(failure.outcome()).isEqualTo(Outcome.UNKNOWN);
		client.kv().get("key");
		assertThat(member.put().count()).isEqualTo(1);
	}

	@ParameterizedTest
	@ValueSource(strings = { "raft proposal dropped", "etcdserver: no leader" })
	void repeatsAPutThatWasRefusedBeforeItWasExecuted(String message) {
		ScriptedEtcd member = this.cluster.member();
		member.put()
			.thenFail(Status.UNAVAILABLE.withDescription(message))
			.thenFail(Status.UNKNOWN.withDescription(message));

		assertThat(this.cluster.client(member).kv().put("key", "value").revision()).isEqualTo(ScriptedEtcd.REVISION);

		assertThat(member.put().count()).isEqualTo(3);
	}

	@Test
	void repeatsAPutOnAnotherMemberWhenOneIsALearner() {
		ScriptedEtcd learner = this.cluster.member();
		ScriptedEtcd voter = this.cluster.member();
		learner.put().otherwiseFail(learnerRefusal());
		learner.range().otherwiseFail(learnerRefusal());
		EtcdClient client = this.cluster.client(learner, voter);
		awaitBothUsed(client, learner, voter);

		client.kv().put("key", "value");
		client.kv().put("key", "value");

		assertThat(voter.put().count()).isEqualTo(2);
		assertThat(learner.put().count()).isPositive();
	}

	@Test
	void failsAtOnceWhenTheOnlyMemberIsALearner() {
		ScriptedEtcd learner = this.cluster.member();
		learner.put().otherwiseFail(learnerRefusal());
		EtcdClient client = this.cluster.client(learner);

		EtcdException failure = catchThrowableOfType(EtcdException.class, () -> client.kv().put("key", "value"));

		assertThat(failure).isInstanceOf(EtcdUnavailableException.class);
		assertThat(failure.code()).isEqualTo(StatusCode.FAILED_PRECONDITION);
		assertThat(failure.outcome()).isEqualTo(Outcome.NOT_APPLIED);
		assertThat(learner.put().count()).isEqualTo(1);
	}

	@Test
	void doesNotRepeatARequestThatDoesNotFit() {
		ScriptedEtcd member = this.cluster.member();
		member.put().otherwiseFail(Status.INVALID_ARGUMENT.withDescription("etcdserver: request is too large"));
		EtcdClient client = this.cluster.client(member);

		EtcdException failure = catchThrowableOfType(EtcdException.class, () -> client.kv().put("key", "value"));

		assertThat(failure).isInstanceOf(EtcdRequestException.class)
			.hasMessage("Put failed: etcdserver: request is too large "
					+ "[INVALID_ARGUMENT, outcome NOT_APPLIED, 1 attempt, last at " + member.address() + "]");
		assertThat(failure.serverMessage()).contains("etcdserver: request is too large");
		assertThat(failure.endpoint()).contains(member.address());
		assertThat(failure.isRetryable()).isFalse();
		assertThat(member.put().count()).isEqualTo(1);
	}

	@Test
	void doesNotRepeatAReadThatTheServerFailedInAnUnforeseenWay() {
		ScriptedEtcd member = this.cluster.member();
		member.range().otherwiseFail(Status.UNKNOWN.withDescription("strange"));
		EtcdClient client = this.cluster.client(member);

		EtcdException failure = catchThrowableOfType(EtcdException.class, () -> client.kv().get("key"));

		assertThat(failure).isInstanceOf(EtcdServerException.class);
		assertThat(member.range().count()).isEqualTo(1);
	}

	private ScriptedEtcd[] members(int size) {
		ScriptedEtcd[] members = new ScriptedEtcd[size];
		for (int i = 0; i < size; i++) {
			members[i] = this.cluster.member();
			members[i].range().otherwiseFail(UNAVAILABLE);
		}
		return members;
	}

	private static void awaitBothUsed(EtcdClient client, ScriptedEtcd first, ScriptedEtcd second) {
		await().until(() -> {
			client.kv().get("key");
			return first.range().count() > 0 && second.range().count() > 0;
		});
	}

	/** Lets time pass in pauses only, so that the timeout stays away. */
	private void passTimeUntilDone(CompletableFuture<?> call) {
		this.clock.passDelaysUntil(call::isDone, STEP);
	}

	private List<Duration> pauses() {
		return this.clock.delaysUpTo(STEP);
	}

	private static Status learnerRefusal() {
		return Status.FAILED_PRECONDITION.withDescription("etcdserver: rpc not supported for learner");
	}

	private static EtcdException failureOf(CompletableFuture<?> call) {
		return (EtcdException) Results.failureOf(call);
	}

}
