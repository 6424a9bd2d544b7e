/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.boot.discovery;

import java.util.List;

import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.client.discovery.DiscoveryClient;

/**
 * Finds instances in memory: a look-up asks nobody.
 */
final class EtcdDiscoveryClient implements DiscoveryClient {

	private final InstanceCache cache;

	EtcdDiscoveryClient(InstanceCache cache) {
		this.cache = cache;
	}

	@Override
	public String description() {
		return "etcd";
	}

	@Override
	public List<ServiceInstance> getInstances(String serviceId) {
		return this.cache.instances(serviceId);
	}

	@Override
	public List<String> getServices() {
		return this.cache.services();
	}

	/** Asks nobody: the health of etcd has an indicator of its own. */
	@Override
	public void probe() {
	}

}
