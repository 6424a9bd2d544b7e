/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import io.github.etcdspring.LeaseId;
import io.github.etcdspring.fixture.FakeClock;
import io.github.etcdspring.fixture.ScriptedCluster;
import io.github.etcdspring.fixture.ScriptedEtcd;
import io.github.etcdspring.fixture.ScriptedStream;
import io.github.etcdspring.internal.proto.LeaseProto.LeaseKeepAliveRequest;
import io.github.etcdspring.internal.proto.LeaseProto.LeaseKeepAliveResponse;
import io.github.etcdspring.lease.KeepAlive;
import io.github.etcdspring.lease.LeaseEnd;
import io.github.etcdspring.lease.LeaseGrant;
import io.grpc.Status;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests of {@link KeepAliveStream}: leases that one keeper after another keeps alive.
 */
class KeepAliveHandOverTests {

	private static final LeaseId LEASE = new LeaseId(7);

	private static final Duration TTL = Duration.ofSeconds(9);

	private static final Duration THIRD = Duration.ofSeconds(3);

	private static final Duration DEADLINE = Duration.ofMillis(8100);

	/** Longer than the first pause before a stream is opened again. */
	private static final Duration PAUSE = Duration.ofMillis(61);

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
	void handsALeaseOverWhenItIsKeptAliveAgain() {
		LeaseGrant grant = this.client.lease().grant(TTL);
		KeepAlive first = this.client.lease().keepAlive(grant);
		List<LeaseEnd> ends = recordEnds(first);
		KeepAlive second = this.client.lease().keepAlive(grant);

		this.clock.advance(THIRD);

		var stream = this.member.keepAlive().awaitStream(0);
		answer(stream, 0, 9);
		await().until(() -> second.remaining().equals(DEADLINE));
		await().untilAsserted(() -> assertThat(ends).containsExactly(LeaseEnd.STOPPED));
		assertThat(second.isAlive()).isTrue();
		assertThat(stream.messages()).hasSize(1);
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void countsFromTheRenewalThatIsAnsweredThoughAnotherKeepsTheLeaseByThen(boolean closedBefore) {
		LeaseGrant grant = this.client.lease().grant(TTL);
		KeepAlive first = this.client.lease().keepAlive(grant);
		this.clock.advance(THIRD);
		var stream = this.member.keepAlive().awaitStream(0);
		stream.awaitMessage(0);
		this.clock.advance(Duration.ofMillis(1400));
		if (closedBefore) {
			first.close();
		}

		KeepAlive second = this.client.lease().keepAlive(grant);
		answer(stream, 0, 9);

		await().until(() -> second.remaining().equals(DEADLINE.minusMillis(1400)));
		this.client.kv().get("barrier");
		assertThat(stream.messages()).hasSize(1);
	}

	@Test
	void owesNothingToTheNextKeeperOnceTheRenewalOfOneThatIsGoneIsAnswered() {
		KeepAlive first = keep();
		this.clock.advance(THIRD);
		var stream = this.member.keepAlive().awaitStream(0);
		stream.awaitMessage(0);
		first.close();
		answer(stream, 0, 9);
		this.client.kv().get("barrier");

		keep();
		this.clock.advance(THIRD);

		assertThat(stream.awaitMessage(1).getID()).isEqualTo(LEASE.value());
		assertThat(this.member.keepAlive().count()).isEqualTo(1);
	}

	@Test
	void owesNothingToTheNextKeeperOnceTheLeaseWasFoundMissing() {
		KeepAlive first = keep();
		this.clock.advance(THIRD);
		var stream = this.member.keepAlive().awaitStream(0);
		answer(stream, 0, 0);
		await().until(() -> !first.isAlive());

		keep();
		this.clock.advance(THIRD);

		assertThat(stream.awaitMessage(1).getID()).isEqualTo(LEASE.value());
		assertThat(this.member.keepAlive().count()).isEqualTo(1);
	}

	@Test
	void owesNothingToTheNextKeeperOnceTheStreamIsLost() {
		KeepAlive other = this.client.lease().keepAlive(this.client.lease().grant(new LeaseId(8), TTL));
		KeepAlive first = keep();
		this.clock.advance(THIRD);
		var stream = this.member.keepAlive().awaitStream(0);
		stream.awaitMessage(1);
		first.close();
		stream.fail(Status.UNAVAILABLE);
		await().until(() -> this.clock.delaysUpTo(PAUSE)
			.stream()
			.anyMatch((delay) -> delay.compareTo(Duration.ofMillis(39)) > 0));
		this.clock.advance(PAUSE);
		var next = this.member.keepAlive().awaitStream(1);
		answer(next, 0, 9);
		await().until(() -> other.remaining().compareTo(Duration.ofSeconds(8)) > 0);

		keep();
		this.clock.advance(THIRD);

		await().until(() -> next.messages().stream().anyMatch((message) -> message.getID() == LEASE.value()));
		assertThat(this.member.keepAlive().count()).isEqualTo(2);
	}

	private KeepAlive keep() {
		return this.client.lease().keepAlive(this.client.lease().grant(LEASE, TTL));
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

}
