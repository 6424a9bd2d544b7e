/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.contract;

import java.time.Duration;

import io.github.etcdspring.EtcdError;
import io.github.etcdspring.EtcdRequestException;
import io.github.etcdspring.LeaseId;
import io.github.etcdspring.LeaseNotFoundException;
import io.github.etcdspring.Outcome;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.lease.KeepAlive;
import io.github.etcdspring.lease.LeaseGrant;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Leases of chosen ids, single renewals and the list of leases, also as etcdctl has them.
 */
@Contract
class LeaseAdminContractIntegrationTests {

	private static final Duration TTL = Duration.ofSeconds(30);

	private final ContractServer server;

	@AutoClose
	private final EtcdClient client;

	LeaseAdminContractIntegrationTests(ContractServer server) {
		this.server = server;
		this.client = server.connect();
	}

	/** As etcdctl prints it, which pads. */
	private static String padded(LeaseId lease) {
		return "%016x".formatted(lease.value());
	}

	private LeaseId grantByEtcdctl() {
		String answer = this.server.etcdctl("lease", "grant", "30");
		return new LeaseId(Long.parseUnsignedLong(answer.substring("lease ".length(), answer.indexOf(" granted")), 16));
	}

	/** Of the member that is asked, which may lag behind. */
	private void awaitListed(LeaseId lease, boolean listed) {
		await().atMost(Duration.ofSeconds(10))
			.pollDelay(Duration.ZERO)
			.pollInterval(Duration.ofMillis(10))
			.until(() -> this.client.lease().leases().leases().contains(lease) == listed);
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
		awaitListed(lease, true);
		this.client.lease().revoke(lease);
		awaitListed(lease, false);
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

		awaitListed(lease, true);
		assertThat(this.client.lease().leases().header().revision()).isPositive();

		this.client.lease().revoke(lease);
		await().untilAsserted(() -> assertThat(this.server.etcdctl("lease", "list")).doesNotContain(padded(lease)));
	}

	@Test
	void grantsLeasesThatEtcdctlListsAndRenewsAndRevokes() {
		LeaseId lease = this.client.lease().grant(TTL).id();

		await().untilAsserted(() -> assertThat(this.server.etcdctl("lease", "list")).contains(padded(lease)));
		assertThat(this.server.etcdctl("lease", "keep-alive", "--once", lease.toString()))
			.isEqualTo("lease " + padded(lease) + " keepalived with TTL(30)");
		this.server.etcdctl("lease", "revoke", lease.toString());

		assertThat(this.client.lease().timeToLive(lease).remaining()).isEmpty();
		awaitListed(lease, false);
	}

	@Test
	void answersAsynchronouslyWhenAsked() {
		LeaseId lease = new LeaseId(4713);

		assertThat(this.client.lease()
			.grantAsync(lease, TTL)
			.thenCompose((grant) -> this.client.lease().keepAliveOnceAsync(lease))
			.thenCompose((renewed) -> this.client.lease().timeToLiveWithKeysAsync(renewed.id()))
			.thenCombine(this.client.lease().leasesAsync(), (found, list) -> found.id()))
			.succeedsWithin(Duration.ofSeconds(10))
			.isEqualTo(lease);
	}

}
