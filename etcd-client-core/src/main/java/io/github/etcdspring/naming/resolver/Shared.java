/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.naming.resolver;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;

import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.internal.OwnSteps;
import io.github.etcdspring.internal.Unusable;
import io.github.etcdspring.naming.Naming;
import org.slf4j.LoggerFactory;

/**
 * What all channels of a provider share.
 *
 * @param client where the services are: the view for the library's own steps
 * @param services each that channels were made for, by its name
 * @param lastKnown what the last resolver of a service knew
 * @param unusable hosts and addresses that calls cannot go to
 * @param lookup finds hosts
 */
record Shared(EtcdClient client, Map<String, Naming> services, LastKnown lastKnown, Unusable unusable,
		HostLookup lookup) {

	static Shared of(EtcdClient client, HostLookup lookup) {
		Unusable unusable = new Unusable(LoggerFactory.getLogger(EtcdNameResolver.class),
				"endpoints at '{}' are left out: {}", client.ticker());
		return new Shared(client, new ConcurrentHashMap<>(), new LastKnown(), unusable, lookup);
	}

	/** Returns where user code runs. */
	Executor users() {
		return OwnSteps.usersOf(this.client);
	}

	Naming service(String name) {
		return this.services.computeIfAbsent(name, (each) -> Naming.of(this.client, each));
	}

}
