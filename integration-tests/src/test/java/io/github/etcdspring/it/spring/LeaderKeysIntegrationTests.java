/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.spring;

import java.util.List;

import io.github.etcdspring.KeyRange;
import io.github.etcdspring.KeyValue;
import io.github.etcdspring.boot.test.cluster.EtcdCluster;
import io.github.etcdspring.boot.test.cluster.EtcdClusterExtension;
import io.github.etcdspring.client.EtcdClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Where candidates stand, as the reference says.
 */
class LeaderKeysIntegrationTests {

	@RegisterExtension
	static final EtcdClusterExtension etcd = EtcdClusterExtension.members(1);

	@Test
	void putsCandidatesUnderApplicationAndRoleOrUnderTheRoleAlone(EtcdCluster cluster) {
		try (App app = App.of(cluster, "left").with(CrossJob.class, Job.class).start();
				EtcdClient client = EtcdClient.create(cluster.endpoints().get(0))) {
			Moments.soon().until(() -> candidates(client).size() == 2);

			List<KeyValue> candidates = candidates(client);
			String lease = candidates.get(0).lease().toString();
			assertThat(candidates).extracting((kv) -> kv.key().toUtf8())
				.containsExactlyInAnyOrder("leaders/left/" + Job.ROLE + "/" + lease,
						"leaders//" + CrossJob.ROLE.substring(1) + "/" + lease);
			assertThat(app.context().isRunning()).isTrue();
		}
	}

	private static List<KeyValue> candidates(EtcdClient client) {
		return client.kv().get(KeyRange.prefix("leaders/")).kvs();
	}

}
