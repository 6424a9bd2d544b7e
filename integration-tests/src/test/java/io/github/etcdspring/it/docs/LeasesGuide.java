/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.docs;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.LeaseId;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.kv.PutRequest;
import io.github.etcdspring.lease.KeepAlive;
import io.github.etcdspring.lease.LeaseEnd;
import io.github.etcdspring.lease.LeaseGrant;
import io.github.etcdspring.session.Session;
import io.github.etcdspring.session.SessionListener;

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

	static Session register(EtcdClient client, String key) {
		return Session.open(client, Duration.ofSeconds(15), new SessionListener() {

			@Override
			public void onActive(KeepAlive lease) {
				client.kv().put(PutRequest.of(key, "up").withLease(lease.lease()));
			}

		});
	}

	static Session restart(EtcdClient client, Session before) {
		Optional<LeaseId> left = before.orphan();
		Duration ttl = Duration.ofSeconds(15);
		return left.map((lease) -> Session.adopt(client, lease, ttl)).orElseGet(() -> Session.open(client, ttl));
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
