/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

import io.github.etcdspring.fixture.FakeClock;
import io.github.etcdspring.fixture.ScriptedCluster;
import io.github.etcdspring.fixture.ScriptedEtcd;
import io.github.etcdspring.fixture.ScriptedStream;
import io.github.etcdspring.internal.proto.LeaseProto.LeaseGrantResponse;
import io.github.etcdspring.internal.proto.LeaseProto.LeaseKeepAliveRequest;
import io.github.etcdspring.internal.proto.LeaseProto.LeaseKeepAliveResponse;
import io.github.etcdspring.lease.KeepAlive;
import io.github.etcdspring.lease.LeaseEnd;
import io.github.etcdspring.lease.LeaseGrant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static io.github.etcdspring.fixture.Results.resultOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests of {@link LeaseKeeper}: when a lease is renewed, and when it ends. A lease of 9 s
 * is renewed every 3 s and given up after 8.1 s, a tenth before its TTL.
 */
class KeepAliveTests {

	private static final Duration TTL = Duration.ofSeconds(9);

	private static final Duration THIRD = Duration.ofSeconds(3);

	private static final Duration DEADLINE = Duration.ofMillis(8100);

	private static final Duration MOMENT = Duration.ofMillis(1);

	@RegisterExtension
	final ScriptedCluster cluster = new ScriptedCluster();

	private final FakeClock clock = new FakeClock();

	private ScriptedEtcd member;

	private EtcdClient client;

	@BeforeEach
	void connect() {
		this.member = this.cluster.member();
		this.client = this.cluster.client(this.clock, this.member);
	}

	@Test
	void renewsWhenAThirdOfTheGrantedTtlHasPassed() {
		this.member.grant()
			.otherwise((call) -> call
				.answer(LeaseGrantResponse.newBuilder().setID(call.request().getID()).setTTL(9).build()));
		KeepAlive lease = keep(Duration.ofSeconds(5));
		var stream = this.member.keepAlive().awaitStream(0);

		this.clock.advance(THIRD.minus(MOMENT));
		int early = this.client.kv().get("barrier").kvs().size() + stream.messages().size();
		this.clock.advance(MOMENT);

		assertThat(early).isZero();
		assertThat(stream.awaitMessage(0).getID()).isEqualTo(lease.lease().value());
		assertThat(lease.ttl()).isEqualTo(TTL);
		assertThat(stream.header("hasleader")).isEqualTo("true");
	}

	@Test
	void renewsAgainAThirdOfTheTtlAfterEachRenewalThatIsAnswered() {
		KeepAlive lease = keep(TTL);
		var stream = this.member.keepAlive().awaitStream(0);
		Duration latency = Duration.ofMillis(100);
		this.clock.advance(THIRD);
		for (int i = 0; i < 5; i++) {
			stream.awaitMessage(i);
			assertThat(lease.isAlive()).isTrue();
			this.clock.advance(latency);
			answer(stream, i, 9);
			await().until(() -> lease.remaining().equals(DEADLINE.minus(latency)));
			// its answer comes when the client is done with the renewal's
			this.client.kv().get("barrier");
			this.clock.advance(THIRD.minus(latency).minus(MOMENT));
			this.client.kv().get("barrier");
			assertThat(stream.messages()).hasSize(i + 1);
			this.clock.advance(MOMENT);
		}
	}

	@Test
	void followsATtlThatTheServerChanges() {
		KeepAlive lease = keep(TTL);
		var stream = this.member.keepAlive().awaitStream(0);
		this.clock.advance(THIRD);
		answer(stream, 0, 60);
		await().until(() -> lease.ttl().equals(Duration.ofSeconds(60)));

		assertThat(lease.remaining()).isEqualTo(Duration.ofSeconds(59));
		this.clock.advance(Duration.ofSeconds(20));
		stream.awaitMessage(1);
	}

	@Test
	void countsItsDeadlineFromTheMomentTheRenewalWasSent() {
		KeepAlive lease = keep(TTL);
		var stream = this.member.keepAlive().awaitStream(0);
		this.clock.advance(THIRD);
		stream.awaitMessage(0);
		this.clock.advance(Duration.ofSeconds(1));

		answer(stream, 0, 9);

		await().until(() -> lease.remaining().equals(DEADLINE.minusSeconds(1)));
	}

	@Test
	@DisplayName("jetcd: the first deadline is the connection's keep-alive timeout")
	void countsItsFirstDeadlineFromTheMomentTheGrantWasSent() {
		this.member.grant().thenHold();
		CompletableFuture<LeaseGrant> granting = this.client.lease().grantAsync(TTL);
		var grant = this.member.grant().awaitCall(0);
		this.clock.advance(Duration.ofSeconds(1));
		grant.answer(LeaseGrantResponse.newBuilder().setID(grant.request().getID()).setTTL(9).build());

		KeepAlive lease = this.client.lease().keepAlive(resultOf(granting));

		assertThat(lease.remaining()).isEqualTo(DEADLINE.minusSeconds(1));
	}

	@Test
	void isNotProlongedByAnAnswerToNoRenewal() {
		KeepAlive lease = keep(TTL);
		KeepAlive other = keep(THIRD);
		var stream = this.member.keepAlive().awaitStream(0);
		this.clock.advance(Duration.ofSeconds(1));
		stream.awaitMessage(0);

		stream.send(answer(lease, 9));
		stream.send(answer(other, 9));
		await().until(() -> other.remaining().equals(DEADLINE));

		assertThat(lease.remaining()).isEqualTo(DEADLINE.minusSeconds(1));
	}

	@Test
	void isNotEndedByAnAnswerToNoRenewal() {
		KeepAlive lease = keep(TTL);
		KeepAlive other = keep(THIRD);
		var stream = this.member.keepAlive().awaitStream(0);
		this.clock.advance(Duration.ofSeconds(1));
		stream.awaitMessage(0);

		stream.send(answer(lease, 0));
		stream.send(answer(other, 9));
		await().until(() -> other.remaining().equals(DEADLINE));

		assertThat(lease.isAlive()).isTrue();
	}

	@Test
	@DisplayName("jetcd: the loss of a lease is told as completion")
	void endsOnceWhenTheServerDoesNotKnowTheLease() {
		KeepAlive lease = keep(TTL);
		KeepAlive other = keep(TTL);
		List<LeaseEnd> ends = recordEnds(lease);
		var stream = this.member.keepAlive().awaitStream(0);
		this.clock.advance(THIRD);
		stream.awaitMessage(1);

		stream.send(answer(lease, 0));
		stream.send(answer(lease, 0));
		stream.send(answer(other, 9));

		await().until(() -> other.remaining().equals(DEADLINE));
		await().untilAsserted(() -> assertThat(ends).containsExactly(LeaseEnd.NOT_FOUND));
		assertThat(lease.isAlive()).isFalse();
		assertThat(lease.remaining()).isZero();
		this.clock.advance(THIRD);
		assertThat(stream.awaitMessage(2).getID()).isEqualTo(other.lease().value());
		assertThat(ends).hasSize(1);
	}

	@Test
	@DisplayName("etcd-java: a lease counts as alive after its TTL while the stream is open")
	void endsAtItsDeadlineWhenTheServerIsSilent() {
		KeepAlive lease = keep(TTL);
		List<LeaseEnd> ends = recordEnds(lease);

		this.clock.advance(DEADLINE.minus(MOMENT));
		assertThat(lease.isAlive()).isTrue();
		assertThat(lease.remaining()).isEqualTo(MOMENT);
		this.clock.advance(MOMENT);

		await().untilAsserted(() -> assertThat(ends).containsExactly(LeaseEnd.EXPIRED));
		assertThat(lease.isAlive()).isFalse();
	}

	@Test
	void staysDeadWhenAnAnswerComesAfterItsDeadline() {
		KeepAlive lease = keep(TTL);
		KeepAlive other = keep(Duration.ofSeconds(60));
		List<LeaseEnd> ends = recordEnds(lease);
		var stream = this.member.keepAlive().awaitStream(0);
		this.clock.advance(THIRD);
		stream.awaitMessage(0);
		this.clock.jump(DEADLINE.minus(THIRD));

		stream.send(answer(lease, 9));

		await().untilAsserted(() -> assertThat(ends).containsExactly(LeaseEnd.EXPIRED));
		assertThat(lease.isAlive()).isFalse();
		assertThat(lease.remaining()).isZero();
		assertThat(other.isAlive()).isTrue();
	}

	@Test
	@DisplayName("jetcd, etcd-java: deadlines are on the wall clock")
	void answersTheFirstQuestionAfterAPauseOfTheProcessWithTheTruth() {
		KeepAlive lease = keep(TTL);
		List<LeaseEnd> ends = recordEnds(lease);

		this.clock.jump(DEADLINE);

		assertThat(lease.isAlive()).isFalse();
		assertThat(lease.isAlive()).isFalse();
		await().untilAsserted(() -> assertThat(ends).containsExactly(LeaseEnd.EXPIRED));
	}

	@Test
	void isDeadFromTheBeginningWhenItsGrantIsTooOld() {
		LeaseGrant grant = this.client.lease().grant(TTL);
		this.clock.jump(DEADLINE);

		KeepAlive lease = this.client.lease().keepAlive(grant);
		List<LeaseEnd> ends = recordEnds(lease);
		this.clock.advance(Duration.ZERO);

		await().untilAsserted(() -> assertThat(ends).containsExactly(LeaseEnd.EXPIRED));
		assertThat(lease.isAlive()).isFalse();
		assertThat(lease.remaining()).isZero();
	}

	@Test
	void stopsRenewingAndDoesNotRevokeWhenClosed() {
		KeepAlive lease = keep(TTL);
		KeepAlive other = keep(TTL);
		List<LeaseEnd> ends = recordEnds(lease);

		lease.close();
		lease.close();
		this.clock.advance(THIRD);

		var stream = this.member.keepAlive().awaitStream(0);
		assertThat(stream.awaitMessage(0).getID()).isEqualTo(other.lease().value());
		await().untilAsserted(() -> assertThat(ends).containsExactly(LeaseEnd.STOPPED));
		assertThat(lease.isAlive()).isFalse();
		this.client.kv().get("barrier");
		assertThat(stream.messages()).hasSize(1);
		assertThat(this.member.revoke().count()).isZero();
	}

	private KeepAlive keep(Duration ttl) {
		return this.client.lease().keepAlive(this.client.lease().grant(ttl));
	}

	private static List<LeaseEnd> recordEnds(KeepAlive lease) {
		List<LeaseEnd> ends = new CopyOnWriteArrayList<>();
		lease.end().thenAccept(ends::add);
		return ends;
	}

	/** Answers one of the renewals that a stream brought. */
	private static void answer(ScriptedStream<LeaseKeepAliveRequest, LeaseKeepAliveResponse> stream, int message,
			long ttl) {
		stream
			.send(LeaseKeepAliveResponse.newBuilder().setID(stream.awaitMessage(message).getID()).setTTL(ttl).build());
	}

	private static LeaseKeepAliveResponse answer(KeepAlive lease, long ttl) {
		return LeaseKeepAliveResponse.newBuilder().setID(lease.lease().value()).setTTL(ttl).build();
	}

}
