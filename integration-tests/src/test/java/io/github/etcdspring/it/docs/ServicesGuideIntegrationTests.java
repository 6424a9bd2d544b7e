/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.docs;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

import io.github.etcdspring.EtcdError;
import io.github.etcdspring.EtcdException;
import io.github.etcdspring.KeyRange;
import io.github.etcdspring.boot.test.cluster.EtcdClusterExtension;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.it.core.EtcdClients;
import io.github.etcdspring.lease.KeepAlive;
import io.github.etcdspring.service.LeaderKey;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Runs {@link ServicesGuide}.
 */
class ServicesGuideIntegrationTests {

	@RegisterExtension
	static final EtcdClusterExtension etcd = EtcdClusterExtension.members(1);

	@AutoClose
	private final EtcdClient client = EtcdClients.connect(etcd.cluster());

	private long entries() {
		return this.client.kv().get(KeyRange.prefix("stock/")).count();
	}

	@Test
	void runsLocked() {
		AtomicLong during = new AtomicLong();

		ServicesGuide.runLocked(this.client, () -> during.set(entries()));

		assertThat(during).hasValue(1);
		assertThat(entries()).isZero();
	}

	@Test
	void leadsUntilItResigns() {
		KeepAlive lease = this.client.lease().keepAlive(this.client.lease().grant(Duration.ofSeconds(30)));

		LeaderKey leader = ServicesGuide.lead(this.client, lease, "ann");

		assertThat(leader.revision()).isPositive();
		assertThat(ServicesGuide.leader(this.client)).isEqualTo("ann");
		ServicesGuide.resign(this.client, leader);
		assertThatExceptionOfType(EtcdException.class).isThrownBy(() -> ServicesGuide.leader(this.client))
			.satisfies((failure) -> assertThat(failure.error()).contains(EtcdError.ELECTION_NO_LEADER));
	}

}
