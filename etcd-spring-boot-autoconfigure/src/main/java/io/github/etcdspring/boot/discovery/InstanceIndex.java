/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.boot.discovery;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiFunction;

import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.KeyValue;
import org.jspecify.annotations.Nullable;
import org.springframework.cloud.client.ServiceInstance;

/**
 * Sorts instances that are up by service. A key that has not changed since the last time
 * is not decoded again. Used by one thread at a time.
 */
final class InstanceIndex {

	private final BiFunction<ByteSequence, ByteSequence, Optional<InstanceRecord>> decoder;

	private Map<ByteSequence, Decoded> decoded = Map.of();

	InstanceIndex(BiFunction<ByteSequence, ByteSequence, Optional<InstanceRecord>> decoder) {
		this.decoder = decoder;
	}

	Map<String, List<ServiceInstance>> byService(List<KeyValue> kvs) {
		Map<ByteSequence, Decoded> decoded = new HashMap<>();
		Map<String, List<ServiceInstance>> byService = new TreeMap<>();
		for (KeyValue kv : kvs) {
			Decoded known = this.decoded.get(kv.key());
			Decoded each = (known != null && known.kv().equals(kv)) ? known : new Decoded(kv, instance(kv));
			decoded.put(kv.key(), each);
			if (each.instance() != null) {
				byService.computeIfAbsent(each.instance().getServiceId(), (service) -> new ArrayList<>())
					.add(each.instance());
			}
		}
		this.decoded = decoded;
		byService.replaceAll((service, instances) -> List.copyOf(instances));
		return byService;
	}

	private @Nullable ServiceInstance instance(KeyValue kv) {
		return this.decoder.apply(kv.key(), kv.value())
			.filter((instance) -> instance.status() == InstanceStatus.UP)
			.map(EtcdServiceInstance::new)
			.orElse(null);
	}

	/**
	 * What a key was decoded to.
	 *
	 * @param kv the key as it was then
	 * @param instance the instance; {@code null} if it is none, or not up
	 */
	private record Decoded(KeyValue kv, @Nullable ServiceInstance instance) {

	}

}
