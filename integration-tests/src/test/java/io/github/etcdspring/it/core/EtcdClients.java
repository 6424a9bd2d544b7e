/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.core;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;

import io.github.etcdspring.boot.test.cluster.EtcdCluster;
import io.github.etcdspring.boot.test.cluster.EtcdMember;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.client.EtcdClientOptions;

/**
 * Makes clients of clusters.
 */
public final class EtcdClients {

	private EtcdClients() {
	}

	/**
	 * {@return a client of all members with default options}
	 * @param cluster the cluster
	 */
	public static EtcdClient connect(EtcdCluster cluster) {
		return connect(cluster.endpoints(), UnaryOperator.identity());
	}

	/**
	 * {@return a client of all members}
	 * @param cluster the cluster
	 * @param requestTimeout how long a call may take
	 */
	public static EtcdClient connect(EtcdCluster cluster, Duration requestTimeout) {
		return connect(cluster.endpoints(), (options) -> options.requestTimeout(requestTimeout));
	}

	/**
	 * {@return a client that knows some members only}
	 * @param members the members
	 */
	public static EtcdClient connectTo(EtcdMember... members) {
		return connect(Arrays.stream(members).map(EtcdMember::endpoint).toList(), UnaryOperator.identity());
	}

	/**
	 * {@return a client with options}
	 * @param endpoints the members' addresses
	 * @param options sets them
	 */
	public static EtcdClient connect(List<String> endpoints, UnaryOperator<EtcdClientOptions.Builder> options) {
		return EtcdClient.create(options.apply(EtcdClientOptions.builder(endpoints)).build());
	}

}
