/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.util.List;

/**
 * What came of a look at the member list of the cluster.
 *
 * @param endpoints the client's endpoints afterwards
 * @param replaced whether they are others than before
 * @param refused what members advertise and the client did not take, each with the
 * reason, such as {@code http://0.0.0.0:2379: it stands for any address}; empty if it
 * took all
 */
public record EndpointSync(List<String> endpoints, boolean replaced, List<String> refused) {

	/**
	 * Creates a result.
	 * @param endpoints the client's endpoints afterwards
	 * @param replaced whether they are others than before
	 * @param refused what was not taken, and why
	 */
	public EndpointSync {
		endpoints = List.copyOf(endpoints);
		refused = List.copyOf(refused);
	}

}
