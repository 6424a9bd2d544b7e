/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.docs;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.EtcdRequestException;
import io.github.etcdspring.boot.test.cluster.EtcdClusterExtension;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.it.core.EtcdClients;
import io.github.etcdspring.lease.KeepAlive;
import io.github.etcdspring.lease.LeaseEnd;
import io.github.etcdspring.lease.LeaseGrant;
import io.github.etcdspring.session.Session;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Runs {@link LeasesGuide}.
 */
class LeasesGuideIntegrationTests {

	@RegisterExtension
	static final EtcdClusterExtension etcd = EtcdClusterExtension.members(1);

	@AutoClose
	private final EtcdClient client = EtcdClients.connect(etcd.cluster());

	@Test
	void keepsAliveUntilItEnds() {
		CompletableFuture<LeaseEnd> lost = new CompletableFuture<>();
		KeepAlive keepAlive = LeasesGuide.announce(this.client, lost::complete);
		assertThat(keepAlive.isAlive()).isTrue();
		assertThat(keepAlive.remaining()).isPositive();
		assertThat(LeasesGuide.leasedKeys(this.client)).contains(ByteSequence.of("workers/7"));

		KeepAlive other = LeasesGuide.takeOver(this.client, keepAlive.lease());

		assertThat(lost).succeedsWithin(ofSeconds(10)).isEqualTo(LeaseEnd.STOPPED);
		assertThat(keepAlive.isAlive()).isFalse();
		assertThat(other.isAlive()).isTrue();
		other.close();
		this.client.lease().revoke(other.lease());
		assertThat(this.client.kv().get("workers/7").count()).isZero();
		assertThat(this.client.lease().timeToLive(other.lease()).remaining()).isEmpty();
	}

	@Test
	void keepsAKeyThroughARestart() {
		Session first = LeasesGuide.register(this.client, "services/a");
		KeepAlive lease = first.leaseAsync().orTimeout(10, TimeUnit.SECONDS).join();
		await().until(() -> this.client.kv().get("services/a").count() == 1);

		try (Session second = LeasesGuide.restart(this.client, first)) {
			KeepAlive adopted = second.leaseAsync().orTimeout(10, TimeUnit.SECONDS).join();
			assertThat(adopted.lease()).isEqualTo(lease.lease());
			assertThat(this.client.kv().get("services/a").first()).isPresent();
		}
		assertThat(this.client.kv().get("services/a").first()).isEmpty();
	}

	@Test
	void grantsUnderAnIdOnce() {
		LeaseGrant grant = LeasesGuide.grantMine(this.client);

		assertThat(grant.id()).hasToString("5eed");
		assertThatExceptionOfType(EtcdRequestException.class).isThrownBy(() -> LeasesGuide.grantMine(this.client));
	}

}
