/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.docs;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.LeaseId;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.kv.PutRequest;
import io.github.etcdspring.lease.KeepAlive;
import io.github.etcdspring.lease.LeaseEnd;
import io.github.etcdspring.lease.LeaseGrant;

/**
 * The snippets of {@code docs/client/leases.md}.
 */
final class LeasesGuide {

	private LeasesGuide() {
	}

	static KeepAlive announce(EtcdClient client, Consumer<LeaseEnd> lost) {
		LeaseGrant grant = client.lease().grant(Duration.ofSeconds(15));
		KeepAlive keepAlive = client.lease().keepAlive(grant);
		keepAlive.end().thenAccept(lost);
		client.kv().put(PutRequest.of("workers/7", "up").withLease(grant.id()));
		return keepAlive;
	}

	static LeaseGrant grantMine(EtcdClient client) {
		return client.lease().grant(new LeaseId(0x5eed), Duration.ofMinutes(1));
	}

	static KeepAlive takeOver(EtcdClient client, LeaseId lease) {
		return client.lease().keepAlive(client.lease().keepAliveOnce(lease));
	}

	static List<ByteSequence> leasedKeys(EtcdClient client) {
		List<ByteSequence> keys = new ArrayList<>();
		for (LeaseId lease : client.lease().leases().leases()) {
			keys.addAll(client.lease().timeToLiveWithKeys(lease).keys());
		}
		return keys;
	}

}
