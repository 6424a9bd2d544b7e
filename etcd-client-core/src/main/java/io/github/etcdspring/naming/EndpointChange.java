/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.naming;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * A change of a service's endpoints, as a difference. Immutable.
 *
 * @param previous the endpoints as they were
 * @param current the endpoints as they are
 * @param added the ids that only {@code current} has
 * @param changed the ids that both have, with another address or other metadata
 * @param removed the endpoints that only {@code previous} has, by their ids
 */
public record EndpointChange(EndpointSnapshot previous, EndpointSnapshot current, Set<String> added,
		Set<String> changed, Map<String, Endpoint> removed) {

	/**
	 * Takes copies of the collections.
	 * @param previous the endpoints as they were
	 * @param current the endpoints as they are
	 * @param added the ids that only {@code current} has
	 * @param changed the ids that both have, with another endpoint
	 * @param removed the endpoints that only {@code previous} has
	 */
	public EndpointChange {
		added = Set.copyOf(added);
		changed = Set.copyOf(changed);
		removed = Map.copyOf(removed);
	}

	static EndpointChange between(EndpointSnapshot previous, EndpointSnapshot current) {
		Set<String> added = new HashSet<>();
		Set<String> changed = new HashSet<>();
		Map<String, Endpoint> removed = new HashMap<>(previous.endpoints());
		current.endpoints().forEach((id, endpoint) -> {
			Endpoint before = removed.remove(id);
			if (before == null) {
				added.add(id);
			}
			else if (!before.equals(endpoint)) {
				changed.add(id);
			}
		});
		return new EndpointChange(previous, current, added, changed, removed);
	}

	/**
	 * Whether the endpoints are the same, at another revision.
	 * @return whether nothing was added, changed or removed
	 */
	public boolean isEmpty() {
		return this.added.isEmpty() && this.changed.isEmpty() && this.removed.isEmpty();
	}

	/** Names the revisions and how many endpoints differ. */
	@Override
	public String toString() {
		return "EndpointChange[" + this.previous.revision() + " to " + this.current.revision() + ", "
				+ this.added.size() + " added, " + this.changed.size() + " changed, " + this.removed.size()
				+ " removed]";
	}

}
