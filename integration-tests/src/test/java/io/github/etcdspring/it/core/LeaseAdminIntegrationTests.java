/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.core;

import java.time.Duration;

import io.github.etcdspring.EtcdError;
import io.github.etcdspring.EtcdRequestException;
import io.github.etcdspring.LeaseId;
import io.github.etcdspring.LeaseNotFoundException;
import io.github.etcdspring.Outcome;
import io.github.etcdspring.boot.test.cluster.EtcdClusterExtension;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.lease.KeepAlive;
import io.github.etcdspring.lease.LeaseGrant;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Leases of chosen ids, single renewals and the list of leases, also as etcdctl has them.
 */
class LeaseAdminIntegrationTests {

	private static final Duration TTL = Duration.ofSeconds(30);

	@RegisterExtension
	static final EtcdClusterExtension etcd = EtcdClusterExtension.members(1);

	@AutoClose
	private final EtcdClient client = EtcdClients.connect(etcd.cluster());

	/** As etcdctl prints it, which pads. */
	private static String padded(LeaseId lease) {
		return "%016x".formatted(lease.value());
	}

	private static LeaseId grantByEtcdctl() {
		String answer = etcd.cluster().etcdctl("lease", "grant", "30");
		return new LeaseId(Long.parseUnsignedLong(answer.substring("lease ".length(), answer.indexOf(" granted")), 16));
	}

	private Duration remaining(LeaseId lease) {
		return this.client.lease().timeToLive(lease).remaining().orElse(Duration.ZERO);
	}

	@ParameterizedTest
	@ValueSource(longs = { 1, 4711, Long.MAX_VALUE, -1, Long.MIN_VALUE })
	void grantsLeaseUnderChosenId(long id) {
		LeaseId lease = new LeaseId(id);

		LeaseGrant grant = this.client.lease().grant(lease, TTL);

		assertThat(grant.id()).isEqualTo(lease);
		assertThat(grant.ttl()).isEqualTo(TTL);
		assertThat(this.client.lease().leases().leases()).contains(lease);
		this.client.lease().revoke(lease);
		assertThat(this.client.lease().leases().leases()).doesNotContain(lease);
	}

	@Test
	void refusesChosenIdWhenItIsTaken() {
		LeaseId lease = this.client.lease().grant(TTL).id();

		assertThatExceptionOfType(EtcdRequestException.class).isThrownBy(() -> this.client.lease().grant(lease, TTL))
			.satisfies((ex) -> {
				assertThat(ex.error()).contains(EtcdError.LEASE_EXISTS);
				assertThat(ex.outcome()).isEqualTo(Outcome.NOT_APPLIED);
				assertThat(ex.isRetryable()).isFalse();
			});
	}

	@Test
	void grantsLongestTtlThatServerAllows() {
		LeaseGrant grant = this.client.lease().grant(Duration.ofHours(2_500_000));

		assertThat(grant.ttl()).isEqualTo(Duration.ofHours(2_500_000));
		try (KeepAlive kept = this.client.lease().keepAlive(grant)) {
			assertThat(kept.isAlive()).isTrue();
			assertThat(kept.remaining()).isGreaterThan(Duration.ofDays(100_000));
		}
		this.client.lease().revoke(grant.id());
	}

	@Test
	void renewsLeaseOnce() {
		LeaseId lease = this.client.lease().grant(TTL).id();
		await().atMost(Duration.ofSeconds(10)).until(() -> remaining(lease).compareTo(TTL.minusSeconds(1)) < 0);

		LeaseGrant renewed = this.client.lease().keepAliveOnce(lease);

		assertThat(renewed.id()).isEqualTo(lease);
		assertThat(renewed.ttl()).isEqualTo(TTL);
		assertThat(remaining(lease)).isGreaterThanOrEqualTo(TTL.minusSeconds(1));
	}

	@Test
	void keepsLeaseOfAnotherAliveWhenItWasRenewed() {
		LeaseId lease = grantByEtcdctl();

		try (KeepAlive kept = this.client.lease().keepAlive(this.client.lease().keepAliveOnce(lease))) {
			assertThat(kept.lease()).isEqualTo(lease);
			assertThat(kept.isAlive()).isTrue();
			assertThat(kept.remaining()).isBetween(Duration.ofSeconds(20), TTL);
		}
	}

	@Test
	void refusesToRenewWhenLeaseIsUnknown() {
		assertThatExceptionOfType(LeaseNotFoundException.class)
			.isThrownBy(() -> this.client.lease().keepAliveOnce(new LeaseId(4712)))
			.withMessageContaining("the lease 1268 does not exist");
		assertThatExceptionOfType(LeaseNotFoundException.class)
			.isThrownBy(() -> this.client.lease().keepAliveOnce(LeaseId.NONE));
	}

	@Test
	void listsLeasesThatEtcdctlGranted() {
		LeaseId lease = grantByEtcdctl();

		assertThat(this.client.lease().leases().leases()).contains(lease);
		assertThat(this.client.lease().leases().header().revision()).isPositive();

		this.client.lease().revoke(lease);
		assertThat(etcd.cluster().etcdctl("lease", "list")).doesNotContain(padded(lease));
	}

	@Test
	void grantsLeasesThatEtcdctlListsAndRenewsAndRevokes() {
		LeaseId lease = this.client.lease().grant(TTL).id();

		assertThat(etcd.cluster().etcdctl("lease", "list")).contains(padded(lease));
		assertThat(etcd.cluster().etcdctl("lease", "keep-alive", "--once", lease.toString()))
			.isEqualTo("lease " + padded(lease) + " keepalived with TTL(30)");
		etcd.cluster().etcdctl("lease", "revoke", lease.toString());

		assertThat(this.client.lease().timeToLive(lease).remaining()).isEmpty();
		assertThat(this.client.lease().leases().leases()).doesNotContain(lease);
	}

	@Test
	void answersAsynchronouslyWhenAsked() {
		LeaseId lease = new LeaseId(4713);

		assertThat(this.client.lease()
			.grantAsync(lease, TTL)
			.thenCompose((grant) -> this.client.lease().keepAliveOnceAsync(lease))
			.thenCompose((renewed) -> this.client.lease().leasesAsync())
			.thenCombine(this.client.lease().timeToLiveWithKeysAsync(lease), (list, found) -> list.leases()))
			.succeedsWithin(Duration.ofSeconds(10))
			.satisfies((leases) -> assertThat(leases).contains(lease));
	}

}
