/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.docs;

import java.time.Duration;
import java.util.List;

import io.github.etcdspring.client.EndpointDiscovery;
import io.github.etcdspring.client.EndpointSync;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.client.EtcdClientOptions;

/**
 * The snippets of {@code docs/client/endpoints.md}.
 */
final class EndpointsGuide {

	private EndpointsGuide() {
	}

	static List<String> move(EtcdClient client, List<String> endpoints) {
		client.setEndpoints(endpoints);
		return client.endpoints();
	}

	static List<String> findAll(EtcdClient client) {
		EndpointSync sync = client.syncEndpoints();
		return sync.refused().isEmpty() ? sync.endpoints() : sync.refused();
	}

	static EtcdClient follow(List<String> endpoints, Duration interval) {
		return EtcdClient.create(EtcdClientOptions.builder(endpoints).autoSyncInterval(interval).build());
	}

	static List<String> lookUp(String domain, String nameServer) {
		return EndpointDiscovery.srv(domain).withNameServer(nameServer).withTimeout(Duration.ofSeconds(2)).endpoints();
	}

}
