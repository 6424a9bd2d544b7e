/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.docs;

import java.util.Collection;
import java.util.List;
import java.util.Map;

import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.naming.Endpoint;
import io.github.etcdspring.naming.EndpointCache;
import io.github.etcdspring.naming.EndpointRegistration;
import io.github.etcdspring.naming.EndpointUpdate;
import io.github.etcdspring.naming.Naming;
import io.github.etcdspring.naming.resolver.EtcdNameResolverProvider;
import io.github.etcdspring.session.Session;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.NameResolverRegistry;

/**
 * The snippets of {@code docs/client/naming.md}.
 */
final class NamingGuide {

	private NamingGuide() {
	}

	static EndpointRegistration register(Session session, String address) throws InterruptedException {
		Naming orders = Naming.of(session.client(), "orders");
		Endpoint endpoint = Endpoint.of(address).withMetadata(Map.of("zone", "b"));
		return orders.add(address, endpoint, session);
	}

	static long replace(EtcdClient client, String before, String now) {
		return Naming.of(client, "orders")
			.update(EndpointUpdate.delete(before), EndpointUpdate.add(now, Endpoint.of(now)));
	}

	static Collection<Endpoint> list(EtcdClient client) {
		return Naming.of(client, "orders").list().endpoints().values();
	}

	static EndpointCache follow(EtcdClient client, List<String> changes) {
		return Naming.of(client, "orders").cache((change) -> {
			change.added().forEach((id) -> changes.add("+" + id));
			change.removed().keySet().forEach((id) -> changes.add("-" + id));
		});
	}

	static EtcdNameResolverProvider install(EtcdClient client) {
		EtcdNameResolverProvider provider = new EtcdNameResolverProvider(client);
		NameResolverRegistry.getDefaultRegistry().register(provider);
		return provider;
	}

	static ManagedChannel connect() {
		return Grpc.newChannelBuilder("etcd:///orders", InsecureChannelCredentials.create())
			.defaultLoadBalancingPolicy("round_robin")
			.build();
	}

}
