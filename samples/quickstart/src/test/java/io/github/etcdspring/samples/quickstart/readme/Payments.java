/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.samples.quickstart.readme;

import java.net.URI;
import java.util.List;

import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.client.discovery.DiscoveryClient;
import org.springframework.stereotype.Component;

@Component
class Payments {

	private final DiscoveryClient discovery;

	Payments(DiscoveryClient discovery) {
		this.discovery = discovery;
	}

	List<URI> addresses() {
		return this.discovery.getInstances("payments").stream().map(ServiceInstance::getUri).toList();
	}

}
