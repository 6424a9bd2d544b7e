/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.core;

import java.time.Duration;

import io.github.etcdspring.LeaseId;
import io.github.etcdspring.boot.test.cluster.EtcdCluster;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.naming.Endpoint;
import io.github.etcdspring.naming.EndpointRegistration;
import io.github.etcdspring.naming.Naming;
import io.github.etcdspring.session.Session;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A registration at a cluster that is put back to a backup, which has the lease and not
 * the entry: nothing tells that a lease was lost.
 */
@EachVersion
class EndpointRestoreIntegrationTests {

	private static final Duration SOON = Duration.ofSeconds(15);

	private static final Duration TTL = Duration.ofSeconds(60);

	@AutoClose
	private final EtcdCluster cluster;

	@AutoClose
	private final EtcdClient client;

	private final Naming naming;

	EndpointRestoreIntegrationTests(String version) {
		this.cluster = EtcdCluster.builder().version(version).start();
		this.client = EtcdClients.connect(this.cluster);
		this.naming = Naming.of(this.client, "echo");
	}

	private LeaseId lease(Session session) {
		assertThat(session.leaseAsync()).succeedsWithin(SOON);
		return session.lease().orElseThrow().lease();
	}

	@Test
	void writesAnEntryAgainThatABackupDoesNotHave() throws InterruptedException {
		try (Session session = Session.open(this.client, TTL)) {
			LeaseId lease = lease(session);
			MemberBackup backup = MemberBackup.of(this.cluster.member(0));
			EndpointRegistration registration = this.naming.add("a", Endpoint.of("10.0.0.1:80"), session);
			assertThat(this.naming.list().endpoints()).containsOnlyKeys("a");

			backup.putBack();
			long restarted = System.nanoTime();

			await().atMost(SOON).until(() -> this.naming.list().endpoints().containsKey("a"));
			System.out.printf("naming: back %d ms after the restart from a backup%n",
					Duration.ofNanos(System.nanoTime() - restarted).toMillis());
			assertThat(lease(session)).isEqualTo(lease);
			await().atMost(SOON).until(registration::isRegistered);
			registration.close();
			assertThat(this.naming.list().endpoints()).isEmpty();
		}
	}

}
