/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.naming;

import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

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

	EndpointIndex(EndpointCodec codec) {
		this.codec = codec;
	}

	EndpointSnapshot update(RangeSnapshot range) {
		RangeDifference difference = (this.keys != null) ? range.since(this.keys)
				: new RangeDifference(range.kvs(), List.of());
		this.keys = range;
		for (KeyValue kv : difference.put()) {
			this.codec.decode(kv)
				.ifPresentOrElse((named) -> this.endpoints.put(named.id(), named.endpoint()),
						() -> this.codec.id(kv.key()).ifPresent((id) -> this.endpoints.remove(id)));
		}
		difference.deleted().forEach((key) -> this.codec.forget(key).ifPresent((id) -> this.endpoints.remove(id)));
		return new EndpointSnapshot(range.revision(), this.endpoints);
	}

}
