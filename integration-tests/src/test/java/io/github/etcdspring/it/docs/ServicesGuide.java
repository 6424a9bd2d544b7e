/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.docs;

import java.time.Duration;

import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.lease.KeepAlive;
import io.github.etcdspring.service.CampaignRequest;
import io.github.etcdspring.service.LeaderKey;
import io.github.etcdspring.service.LockRequest;

/**
 * The snippets of {@code docs/client/services.md}.
 */
final class ServicesGuide {

	private ServicesGuide() {
	}

	static void runLocked(EtcdClient client, Runnable work) {
		try (KeepAlive lease = client.lease().keepAlive(client.lease().grant(Duration.ofSeconds(30)))) {
			LockRequest request = LockRequest.of("stock", lease.lease(), Duration.ofSeconds(10));
			ByteSequence key = client.lockService().lock(request).key();
			try {
				work.run();
			}
			finally {
				client.lockService().unlock(key);
			}
		}
	}

	static LeaderKey lead(EtcdClient client, KeepAlive lease, String me) {
		return client.electionService()
			.campaign(CampaignRequest.of("report", lease.lease(), me, Duration.ofMinutes(1)))
			.leader();
	}

	static String leader(EtcdClient client) {
		return client.electionService().leader(ByteSequence.of("report")).kv().value().toUtf8();
	}

	static void resign(EtcdClient client, LeaderKey leader) {
		client.electionService().resign(leader);
	}

}
