/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.naming;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The endpoints of a service as they were at one revision. Immutable.
 *
 * @param revision the revision: no change of the endpoints up to it is missing; 0 before
 * the first read
 * @param endpoints the endpoints by their ids, in the order of the ids; immutable
 */
public record EndpointSnapshot(long revision, SortedMap<String, Endpoint> endpoints) {

	static final EndpointSnapshot EMPTY = new EndpointSnapshot(0, Collections.emptySortedMap());

	/**
	 * Takes a copy of the map.
	 * @param revision the revision
	 * @param endpoints the endpoints by their ids
	 */
	public EndpointSnapshot {
		endpoints = Collections.unmodifiableSortedMap(new TreeMap<>(endpoints));
	}

	/** Names the revision and the number of endpoints. */
	@Override
	public String toString() {
		return "EndpointSnapshot[revision=" + this.revision + ", " + this.endpoints.size() + " endpoints]";
	}

}
