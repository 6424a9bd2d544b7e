/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

import io.github.etcdspring.EtcdTimeoutException;
import io.github.etcdspring.fixture.FakeClock;
import io.github.etcdspring.fixture.ScriptedCluster;
import io.github.etcdspring.fixture.ScriptedEtcd;
import io.github.etcdspring.internal.proto.HeaderProto.ResponseHeader;
import io.github.etcdspring.internal.proto.KvProto.PutResponse;
import io.github.etcdspring.kv.PutResult;
import io.grpc.Status;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Tests of {@link AnsweringFirstBalancer}.
 */
class AnsweringFirstBalancerTests {

	/** Just more than a member may be silent while a call waits. */
	private static final Duration SILENCE = Duration.ofMillis(1001);

	@RegisterExtension
	final ScriptedCluster cluster = new ScriptedCluster();

	private final FakeClock clock = new FakeClock();

	private final ScriptedEtcd hung = this.cluster.member();

	private final ScriptedEtcd well = this.cluster.member();

	private final EtcdClient client = this.cluster.client((options) -> options.ticker(this.clock), this.hung,
			this.well);

	private CompletableFuture<PutResult> waiting = new CompletableFuture<>();

	@BeforeEach
	void leaveACallWaiting() {
		await("connection to both").until(() -> {
			this.client.kv().get("key");
			return this.hung.range().count() > 0 && this.well.range().count() > 0;
		});
		this.hung.put().otherwiseHold();
		await("call that waits").until(() -> {
			this.waiting = this.client.kv().putAsync("key", "value");
			await().until(() -> this.waiting.isDone() || this.hung.put().count() > 0);
			return this.hung.put().count() > 0;
		});
	}

	@Test
	void asksAMemberAgainThatHasNotBeenSilentForLong() {
		this.clock.advance(SILENCE.minusMillis(2));

		assertThat(rangesAtTheHungOf(10)).isEqualTo(5);
	}

	@Test
	void passesOverAMemberWhileACallWaitsThereInVain() {
		this.clock.advance(SILENCE);

		assertThat(rangesAtTheHungOf(10)).isZero();
	}

	@Test
	void asksTheMemberAgainOnceItAnswers() {
		this.clock.advance(SILENCE);

		this.hung.put().awaitCall(0).answer(PutResponse.newBuilder().setHeader(ResponseHeader.newBuilder()).build());
		await().until(this.waiting::isDone);

		assertThat(rangesAtTheHungOf(10)).isEqualTo(5);
	}

	@Test
	void takesARefusalForAnAnswer() {
		this.clock.advance(SILENCE);

		this.hung.put().awaitCall(0).fail(Status.INVALID_ARGUMENT);
		await().until(this.waiting::isDone);

		assertThat(rangesAtTheHungOf(10)).isEqualTo(5);
	}

	@Test
	void remembersForAWhileThatACallWasGivenUp() {
		this.clock.advance(SILENCE);
		this.waiting.cancel(true);
		await().until(() -> this.hung.put().awaitCall(0).isCancelled());

		assertThat(rangesAtTheHungOf(10)).isZero();
		this.clock.advance(Duration.ofSeconds(5));
		assertThat(rangesAtTheHungOf(10)).isEqualTo(5);
	}

	@Test
	void asksAllWhenNoneAnswers() {
		this.hung.range().otherwiseHold();
		this.well.put().otherwiseHold();
		this.well.range().otherwiseHold();
		await().until(() -> {
			this.client.kv().putAsync("key", "value");
			return this.well.put().count() > 0;
		});
		int before = this.hung.range().count() + this.well.range().count();

		this.clock.advance(SILENCE);
		int atTheHung = this.hung.range().count();
		int atTheWell = this.well.range().count();
		this.client.kv().getAsync("key");
		this.client.kv().getAsync("key");

		await().until(() -> this.hung.range().count() + this.well.range().count() == before + 2);
		assertThat(this.hung.range().count() - atTheHung).isEqualTo(1);
		assertThat(this.well.range().count() - atTheWell).isEqualTo(1);
	}

	@Test
	void givesTheFirstMemberOnlyAPartOfTheTimeOfARead() {
		this.hung.range().otherwiseHold();
		EtcdClient impatient = this.client.withTimeout(Duration.ofSeconds(2));

		for (int i = 0; i < 4; i++) {
			assertThat(impatient.kv().get("key").revision()).isEqualTo(ScriptedEtcd.REVISION);
		}
	}

	@Test
	void givesAMemberOnlyAPartOfTheTimeOfAReadThatAnotherRefused() {
		await("turn of the other").until(() -> rangesAtTheHungOf(1) == 1);
		this.hung.range().otherwiseHold();
		this.well.range().thenFail(Status.UNAVAILABLE.withDescription("etcdserver: leader changed"));
		int before = this.hung.range().count();
		int asked = this.well.range().count();

		assertThat(this.client.withTimeout(Duration.ofSeconds(2)).kv().get("key").revision())
			.isEqualTo(ScriptedEtcd.REVISION);

		assertThat(this.hung.range().count() - before).isEqualTo(1);
		assertThat(this.well.range().count() - asked).isEqualTo(2);
	}

	@Test
	void leavesAWriteWithTheMemberThatMayHaveAppliedIt() {
		EtcdClient impatient = this.client.withTimeout(Duration.ofMillis(300));
		int asked = this.well.put().count();

		await().untilAsserted(() -> assertThatExceptionOfType(EtcdTimeoutException.class)
			.isThrownBy(() -> impatient.kv().put("key", "value")));

		assertThat(this.well.put().count() - asked).isLessThanOrEqualTo(1);
	}

	private int rangesAtTheHungOf(int calls) {
		int before = this.hung.range().count();
		for (int i = 0; i < calls; i++) {
			this.client.kv().get("key");
		}
		return this.hung.range().count() - before;
	}

}
