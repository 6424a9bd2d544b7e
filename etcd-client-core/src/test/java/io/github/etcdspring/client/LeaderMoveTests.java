/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

import io.github.etcdspring.EtcdError;
import io.github.etcdspring.EtcdException;
import io.github.etcdspring.EtcdRequestException;
import io.github.etcdspring.EtcdTimeoutException;
import io.github.etcdspring.EtcdUnavailableException;
import io.github.etcdspring.MemberId;
import io.github.etcdspring.Outcome;
import io.github.etcdspring.StatusCode;
import io.github.etcdspring.fixture.ScriptedCluster;
import io.github.etcdspring.fixture.ScriptedEtcd;
import io.github.etcdspring.internal.proto.HeaderProto.ResponseHeader;
import io.github.etcdspring.internal.proto.MaintenanceProto.StatusResponse;
import io.grpc.Status;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

/**
 * Tests of {@link LeaderMove}: who is told, and what if it leads no longer.
 */
class LeaderMoveTests {

	private static final Status NOT_LEADER = Status.FAILED_PRECONDITION.withDescription("etcdserver: not leader");

	private static final Duration TIMEOUT = Duration.ofMillis(300);

	private static final MemberId TARGET = new MemberId(3);

	@RegisterExtension
	final ScriptedCluster cluster = new ScriptedCluster();

	private ScriptedEtcd first;

	private ScriptedEtcd second;

	private EtcdClient client;

	@BeforeEach
	void start() {
		this.first = this.cluster.member();
		this.second = this.cluster.member();
		this.client = this.cluster.client(this.first, this.second);
		leads(1);
	}

	/** Lets both members say that one of them leads. */
	private void leads(long leader) {
		this.first.maintenance().status().otherwise((call) -> call.answer(status(1, leader)));
		this.second.maintenance().status().otherwise((call) -> call.answer(status(2, leader)));
	}

	private static StatusResponse status(long member, long leader) {
		return StatusResponse.newBuilder()
			.setHeader(ResponseHeader.newBuilder().setMemberId(member))
			.setLeader(leader)
			.build();
	}

	private int told(ScriptedEtcd member) {
		return member.maintenance().moveLeader().count();
	}

	@Test
	void tellsTheLeaderAlone() {
		leads(2);

		this.client.maintenance().moveLeader(TARGET);

		assertThat(this.second.maintenance().moveLeader().calls()).extracting((call) -> call.request().getTargetID())
			.containsExactly(3L);
		assertThat(told(this.first)).isZero();
	}

	@Test
	void looksForTheLeaderAgainWhenItChangedMeanwhile() {
		this.first.maintenance().moveLeader().then((call) -> {
			leads(2);
			call.fail(NOT_LEADER);
		});

		this.client.maintenance().moveLeader(TARGET);

		assertThat(told(this.first)).isEqualTo(1);
		assertThat(told(this.second)).isEqualTo(1);
	}

	@Test
	void failsWhenTheLeaderChangesTwice() {
		this.first.maintenance().moveLeader().otherwiseFail(NOT_LEADER);

		EtcdException failure = catchThrowableOfType(EtcdException.class,
				() -> this.client.maintenance().moveLeader(TARGET));

		assertThat(failure).isInstanceOf(EtcdRequestException.class);
		assertThat(failure.code()).isEqualTo(StatusCode.FAILED_PRECONDITION);
		assertThat(failure.error()).contains(EtcdError.NOT_LEADER);
		assertThat(told(this.first)).isEqualTo(2);
	}

	@Test
	void saysThatLeadershipMayHaveMovedWhenTheAnswerOfTheLeaderWasLost() {
		this.first.maintenance().moveLeader().thenFail(Status.UNAVAILABLE).then((call) -> {
			leads(3);
			call.fail(NOT_LEADER);
		});

		EtcdException failure = catchThrowableOfType(EtcdException.class,
				() -> this.client.maintenance().moveLeader(TARGET));

		assertThat(failure.error()).contains(EtcdError.NOT_LEADER);
		assertThat(failure.outcome()).isEqualTo(Outcome.UNKNOWN);
		assertThat(told(this.first)).isEqualTo(2);
	}

	@Test
	void failsAtOnceWhenTheLeaderRefusesTheTarget() {
		this.first.maintenance()
			.moveLeader()
			.otherwiseFail(Status.FAILED_PRECONDITION.withDescription("etcdserver: bad leader transferee"));

		assertThatExceptionOfType(EtcdRequestException.class)
			.isThrownBy(() -> this.client.maintenance().moveLeader(TARGET))
			.satisfies((failure) -> assertThat(failure.error()).contains(EtcdError.BAD_LEADER_TRANSFEREE));

		assertThat(told(this.first)).isEqualTo(1);
	}

	@Test
	void isNotHeldUpByAMemberThatHangs() {
		this.second.maintenance().status().otherwiseHold();

		this.client.maintenance().moveLeader(TARGET);

		assertThat(told(this.first)).isEqualTo(1);
		await("end of the search").until(() -> this.second.connections() == 0);
	}

	@Test
	void saysSoWhenTheLeaderIsNoneOfTheEndpoints() {
		leads(9);

		EtcdException failure = catchThrowableOfType(EtcdException.class,
				() -> this.client.maintenance().moveLeader(TARGET));

		assertThat(failure).isInstanceOf(EtcdRequestException.class)
			.hasMessageStartingWith("MoveLeader failed: the leader 9 is none of [" + this.first.endpoint() + ", "
					+ this.second.endpoint() + "]");
		assertThat(failure.code()).isEqualTo(StatusCode.FAILED_PRECONDITION);
		assertThat(failure.outcome()).isEqualTo(Outcome.NOT_APPLIED);
	}

	@Test
	void saysSoWhenNobodyLeads() {
		leads(0);

		assertThatExceptionOfType(EtcdUnavailableException.class)
			.isThrownBy(() -> this.client.maintenance().moveLeader(TARGET))
			.withMessageContaining("sees a leader")
			.satisfies((failure) -> assertThat(failure.isRetryable()).isTrue());
	}

	@Test
	void doesNotTakeTheLeaderForUnknownWhenAMemberCouldNotBeAsked() {
		leads(2);
		this.second.maintenance().status().otherwiseHold();
		EtcdClient impatient = this.client.withTimeout(TIMEOUT);

		assertThatExceptionOfType(EtcdTimeoutException.class)
			.isThrownBy(() -> impatient.maintenance().moveLeader(TARGET))
			.withMessageStartingWith("Status failed: no answer within");
	}

	@Test
	void takesNoLongerThanOneCallMay() {
		this.first.maintenance().moveLeader().otherwiseHold();
		EtcdClient impatient = this.client.withTimeout(TIMEOUT);
		long begin = System.nanoTime();

		assertThatExceptionOfType(EtcdTimeoutException.class)
			.isThrownBy(() -> impatient.maintenance().moveLeader(TARGET))
			.withMessageStartingWith("MoveLeader failed: no answer within");

		assertThat(Duration.ofNanos(System.nanoTime() - begin)).isBetween(TIMEOUT, TIMEOUT.plusSeconds(5));
	}

	@Test
	void asksNobodyAnyMoreWhenItIsCancelled() {
		this.first.maintenance().status().otherwiseHold();
		this.second.maintenance().status().otherwiseHold();
		CompletableFuture<?> move = this.client.maintenance().moveLeaderAsync(TARGET);
		this.first.maintenance().status().awaitCall(0);
		this.second.maintenance().status().awaitCall(0);

		move.cancel(true);

		await("end of the search").until(() -> this.first.connections() + this.second.connections() == 0);
		assertThat(told(this.first)).isZero();
	}

}
