/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.naming;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.KeyValue;
import io.github.etcdspring.cache.RangeDifference;
import io.github.etcdspring.cache.RangeSnapshot;
import org.jspecify.annotations.Nullable;

/**
 * Makes endpoints of keys, one snapshot after the other. Only what differs from the
 * snapshot before is read. Used by one thread at a time.
 */
final class EndpointIndex {

	private final EndpointCodec codec;

	private final SortedMap<String, Endpoint> endpoints = new TreeMap<>();

	/** The keys that the endpoints were made of; {@code null} at first. */
	private @Nullable RangeSnapshot keys;

	private EndpointSnapshot snapshot = EndpointSnapshot.EMPTY;

	EndpointIndex(EndpointCodec codec) {
		this.codec = codec;
	}

	EndpointChange update(RangeSnapshot range) {
		RangeDifference difference = (this.keys != null) ? range.since(this.keys)
				: new RangeDifference(range.kvs(), List.of());
		this.keys = range;
		Set<String> added = new HashSet<>();
		Set<String> changed = new HashSet<>();
		Map<String, Endpoint> removed = new HashMap<>();
		for (KeyValue kv : difference.put()) {
			Optional<NamedEndpoint> read = this.codec.decode(kv);
			if (read.isEmpty()) {
				remove(kv.key(), removed);
				continue;
			}
			String id = read.get().id();
			Endpoint before = this.endpoints.put(id, read.get().endpoint());
			if (before == null) {
				added.add(id);
			}
			else if (!before.equals(read.get().endpoint())) {
				changed.add(id);
			}
		}
		difference.deleted().forEach((key) -> remove(key, removed));
		EndpointSnapshot previous = this.snapshot;
		this.snapshot = new EndpointSnapshot(range.revision(), this.endpoints);
		return new EndpointChange(previous, this.snapshot, added, changed, removed);
	}

	private void remove(ByteSequence key, Map<String, Endpoint> removed) {
		this.codec.id(key).ifPresent((id) -> {
			Endpoint before = this.endpoints.remove(id);
			if (before != null) {
				removed.put(id, before);
			}
		});
	}

}
