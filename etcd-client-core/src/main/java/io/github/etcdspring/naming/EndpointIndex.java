/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.naming;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.KeyValue;
import io.github.etcdspring.cache.RangeSnapshot;

/**
 * Makes endpoints of keys, one snapshot after the other. Only what differs from the
 * snapshot before is read. Used by one thread at a time.
 */
final class EndpointIndex {

	private final EndpointCodec codec;

	/** The keys as they were, each with what it was read to. */
	private Map<ByteSequence, Entry> entries = Map.of();

	private EndpointSnapshot snapshot = EndpointSnapshot.EMPTY;

	EndpointIndex(EndpointCodec codec) {
		this.codec = codec;
	}

	EndpointChange update(RangeSnapshot range) {
		Map<ByteSequence, Entry> entries = new HashMap<>();
		SortedMap<String, Endpoint> endpoints = new TreeMap<>();
		for (KeyValue kv : range.kvs()) {
			Entry known = this.entries.get(kv.key());
			Entry entry = (known != null && known.kv().equals(kv)) ? known : new Entry(kv, this.codec.decode(kv));
			entries.put(kv.key(), entry);
			entry.endpoint().ifPresent((named) -> endpoints.put(named.id(), named.endpoint()));
		}
		EndpointSnapshot previous = this.snapshot;
		this.entries = entries;
		this.snapshot = new EndpointSnapshot(range.revision(), endpoints);
		return change(previous, this.snapshot);
	}

	private static EndpointChange change(EndpointSnapshot previous, EndpointSnapshot current) {
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
	 * What a key was read to.
	 *
	 * @param kv the key as it was then
	 * @param endpoint the endpoint; empty if it is none
	 */
	private record Entry(KeyValue kv, Optional<NamedEndpoint> endpoint) {

	}

}
