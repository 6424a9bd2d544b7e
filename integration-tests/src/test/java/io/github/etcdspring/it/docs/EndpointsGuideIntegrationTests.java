/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.docs;

import java.time.Duration;
import java.util.List;

import io.github.etcdspring.EtcdUnavailableException;
import io.github.etcdspring.boot.test.cluster.EtcdClusterExtension;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.client.InvalidEndpointException;
import io.github.etcdspring.it.core.EtcdClients;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Runs {@link EndpointsGuide}.
 */
class EndpointsGuideIntegrationTests {

	@RegisterExtension
	static final EtcdClusterExtension etcd = EtcdClusterExtension.members(3);

	private final List<String> all = etcd.cluster().endpoints();

	@AutoClose
	private final EtcdClient client = EtcdClients.connectTo(etcd.cluster().member(0));

	@Test
	void movesToOtherMembers() {
		assertThat(EndpointsGuide.move(this.client, this.all.subList(1, 3))).isEqualTo(this.all.subList(1, 3));
		assertThat(this.client.kv().put("k", "v").revision()).isPositive();
		assertThatExceptionOfType(InvalidEndpointException.class)
			.isThrownBy(() -> EndpointsGuide.move(this.client, List.of("https://localhost:2379")));
		assertThat(this.client.endpoints()).isEqualTo(this.all.subList(1, 3));
	}

	@Test
	void findsAllMembersFromOne() {
		assertThat(EndpointsGuide.findAll(this.client)).containsExactlyInAnyOrderElementsOf(this.all);
	}

	@Test
	void followsTheMemberList() {
		try (EtcdClient follower = EndpointsGuide.follow(this.all.subList(0, 1), Duration.ofMillis(100))) {
			await().atMost(Duration.ofSeconds(10))
				.untilAsserted(() -> assertThat(follower.endpoints()).containsExactlyInAnyOrderElementsOf(this.all));
		}
	}

	@Test
	void takesNoPlaintextForATlsRecordThatCanNotBeHad() {
		assertThatExceptionOfType(EtcdUnavailableException.class)
			.isThrownBy(() -> EndpointsGuide.lookUp("example.com", "127.0.0.1:1"))
			.withMessageContaining("_etcd-client-ssl._tcp.example.com");
	}

}
