/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.benchmarks.ours;

import java.util.stream.IntStream;

import io.github.etcdspring.benchmarks.harness.BenchmarkedClient;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.naming.Endpoint;
import io.github.etcdspring.naming.EndpointCache;
import io.github.etcdspring.naming.Naming;

/**
 * An {@link EndpointCache}.
 */
final class OurDiscovery implements BenchmarkedClient.Lookup {

	private static final String[] IDS = IntStream.range(0, 1_000).mapToObj(Integer::toString).toArray(String[]::new);

	private final EndpointCache cache;

	OurDiscovery(EtcdClient client, String target) {
		this.cache = Naming.of(client, target).cache();
		this.cache.ready().join();
	}

	@Override
	public int lookup(int index) {
		Endpoint endpoint = this.cache.snapshot().endpoints().get(IDS[index]);
		return (endpoint != null) ? endpoint.address().length() : -1;
	}

	@Override
	public void close() {
		this.cache.close();
	}

}
