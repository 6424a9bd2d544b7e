/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.naming.resolver;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import io.github.etcdspring.naming.EndpointSnapshot;
import org.jspecify.annotations.Nullable;

/**
 * The endpoints that were last known of each service. A channel ends its resolver when it
 * is idle and begins another with its next call: if etcd is away then, these are all
 * there is. Holds one snapshot for each service that channels were made for. Thread-safe.
 */
final class LastKnown {

	private final Map<String, EndpointSnapshot> snapshots = new ConcurrentHashMap<>();

	void remember(String service, EndpointSnapshot snapshot) {
		this.snapshots.put(service, snapshot);
	}

	@Nullable EndpointSnapshot of(String service) {
		return this.snapshots.get(service);
	}

}
