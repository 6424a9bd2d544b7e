/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.core;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.LeaseId;
import io.github.etcdspring.boot.test.cluster.EtcdClusterExtension;
import io.github.etcdspring.boot.test.cluster.EtcdMember;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.kv.PutRequest;
import io.github.etcdspring.lease.KeepAlive;
import io.github.etcdspring.lease.LeaseEnd;
import io.github.etcdspring.lease.LeaseGrant;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Leases that are kept alive on three members (P4, L3).
 */
class KeepAliveIntegrationTests {

	/** What scheduling on a busy machine may add to a moment. */
	private static final Duration SLACK = Duration.ofSeconds(1);

	@RegisterExtension
	static final EtcdClusterExtension etcd = EtcdClusterExtension.members(3);

	private final KeySpace keys = KeySpace.unique();

	@AutoClose
	private final EtcdClient client = EtcdClients.connect(etcd.cluster());

	private KeepAlive keep(Duration ttl) {
		LeaseGrant grant = this.client.lease().grant(ttl);
		this.client.kv().put(PutRequest.of(this.keys.key("k"), ByteSequence.EMPTY).withLease(grant.id()));
		return this.client.lease().keepAlive(grant);
	}

	private boolean keyExists() {
		return this.client.kv().get(this.keys.name("k")).count() == 1;
	}

	@Test
	void keepsLeaseAliveWhenItsTtlHasPassedThrice() {
		KeepAlive kept = keep(Duration.ofSeconds(2));

		await().during(Duration.ofMillis(6_500)).atMost(Duration.ofSeconds(20)).until(this::keyExists);

		assertThat(kept.isAlive()).isTrue();
		assertThat(kept.remaining()).isPositive();
		assertThat(this.client.lease().timeToLive(kept.lease()).remaining()).isPresent();
	}

	@Test
	void renewsAtServerWhenThirdOfTtlHasPassed() {
		KeepAlive kept = keep(Duration.ofSeconds(6));

		await().atMost(Duration.ofSeconds(15)).until(() -> remainingSeconds(kept) <= 4);
		await().atMost(Duration.ofSeconds(15)).until(() -> remainingSeconds(kept) == 5);

		assertThat(kept.isAlive()).isTrue();
	}

	private long remainingSeconds(KeepAlive kept) {
		return this.client.lease().timeToLive(kept.lease()).remaining().orElseThrow().toSeconds();
	}

	@Test
	void saysNotFoundWhenEtcdctlRevokesLease() {
		KeepAlive kept = keep(Duration.ofSeconds(3));

		etcd.cluster().etcdctl("lease", "revoke", kept.lease().toString());

		assertThat(kept.end()).succeedsWithin(Duration.ofSeconds(3).plus(SLACK)).isEqualTo(LeaseEnd.NOT_FOUND);
		assertThat(kept.isAlive()).isFalse();
		assertThat(kept.remaining()).isZero();
	}

	@Test
	void saysExpiredByLocalDeadlineWhenAllMembersArePaused() {
		// P4, L3: the last answered renewal was sent before the members stopped, so the
		// server's lease lives until that moment and the TTL, and the holder knows first
		Duration ttl = Duration.ofSeconds(6);
		KeepAlive kept = keep(ttl);
		AtomicLong ended = new AtomicLong();
		kept.end().thenAccept((reason) -> ended.set(this.client.ticker().nanoTime()));

		etcd.cluster().pause();
		long paused = this.client.ticker().nanoTime();
		long deadline = paused + kept.remaining().toNanos();

		assertThat(kept.end()).succeedsWithin(ttl.plus(SLACK)).isEqualTo(LeaseEnd.EXPIRED);
		await().until(() -> ended.get() != 0);
		assertThat(Duration.ofNanos(ended.get() - deadline)).isBetween(Duration.ZERO, SLACK);
		assertThat(Duration.ofNanos(deadline - paused)).isLessThan(ttl);
		assertThat(kept.isAlive()).isFalse();
	}

	@Test
	void isNotAliveFromLocalDeadlineOnWhenAllMembersArePaused() {
		// the question itself is answered with the truth, whether or not a timer ran
		KeepAlive kept = keep(Duration.ofSeconds(6));
		etcd.cluster().pause();
		long remaining = kept.remaining().toNanos();
		long latest = this.client.ticker().nanoTime() + remaining;

		long asked = this.client.ticker().nanoTime();
		long lastAlive = asked;
		while (kept.isAlive()) {
			lastAlive = asked;
			asked = this.client.ticker().nanoTime();
		}

		assertThat(lastAlive).isLessThan(latest);
	}

	@Test
	void keepsLeaseAliveWhenOneMemberAfterTheOtherIsPaused() {
		// a paused member's stream is left for another one's in time
		KeepAlive kept = keep(Duration.ofSeconds(5));

		for (EtcdMember member : etcd.cluster().members()) {
			member.pause();
			await().during(Duration.ofSeconds(2)).atMost(Duration.ofSeconds(20)).until(kept::isAlive);
			etcd.cluster().resume();
		}

		assertThat(keyExists()).isTrue();
	}

	@Test
	void keepsLeaseAliveWhenMembersAreKilledOneByOne() {
		KeepAlive kept = keep(Duration.ofSeconds(5));

		for (EtcdMember member : etcd.cluster().members()) {
			member.kill();
			member.restart();
		}

		assertThat(kept.isAlive()).isTrue();
		assertThat(keyExists()).isTrue();
	}

	@Test
	void stopsRenewingWhenClosed() {
		KeepAlive kept = keep(Duration.ofSeconds(5));

		kept.close();

		assertThat(kept.end()).succeedsWithin(SLACK).isEqualTo(LeaseEnd.STOPPED);
		assertThat(kept.isAlive()).isFalse();
		// it is not revoked, and gone when the TTL has passed
		assertThat(keyExists()).isTrue();
		await().atMost(Duration.ofSeconds(20)).until(() -> !keyExists());
	}

	@Test
	void endsWhenClientIsClosed() {
		KeepAlive kept = keep(Duration.ofSeconds(30));

		this.client.close();

		assertThat(kept.end()).succeedsWithin(SLACK).isEqualTo(LeaseEnd.CLIENT_CLOSED);
		assertThat(kept.isAlive()).isFalse();
	}

	@Test
	void saysNotFoundWhenLeaseIsKeptAliveAfterItsEnd() {
		LeaseGrant grant = this.client.lease().grant(Duration.ofSeconds(3));
		this.client.lease().revoke(grant.id());

		KeepAlive kept = this.client.lease().keepAlive(grant);

		assertThat(kept.end()).succeedsWithin(Duration.ofSeconds(3).plus(SLACK)).isEqualTo(LeaseEnd.NOT_FOUND);
	}

	@Test
	void keepsEveryLeaseAliveWhenThereAreThousand() {
		// R5: all on one stream, none starves
		List<KeepAlive> kept = IntStream.range(0, 20).boxed().flatMap((i) -> keepAlive(50)).toList();
		await().during(Duration.ofSeconds(4))
			.atMost(Duration.ofSeconds(20))
			.until(() -> kept.stream().allMatch(KeepAlive::isAlive));

		assertThat(kept).hasSize(1000);
	}

	/** Grants leases at once, not too many for a slow machine, and keeps them alive. */
	private Stream<KeepAlive> keepAlive(int leases) {
		return IntStream.range(0, leases)
			.mapToObj((i) -> this.client.lease().grantAsync(Duration.ofSeconds(3)))
			.toList()
			.stream()
			.map((grant) -> this.client.lease().keepAlive(grant.join()));
	}

	@Test
	void leavesLeaseToExpireWhenNobodyKeepsItAlive() {
		LeaseId lease = this.client.lease().grant(Duration.ofSeconds(1)).id();

		await().atMost(Duration.ofSeconds(10)).until(() -> this.client.lease().timeToLive(lease).remaining().isEmpty());
	}

}
