/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.boot.discovery;

import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import io.github.etcdspring.client.EtcdClient;
import org.jspecify.annotations.Nullable;
import org.springframework.cloud.client.serviceregistry.ServiceRegistry;

/**
 * Registers instances in etcd. Registering returns at once and goes on in the background,
 * for as long as it takes; deregistering waits until the instance is gone, 2 s at most.
 */
final class EtcdServiceRegistry implements ServiceRegistry<EtcdRegistration> {

	private final EtcdClient client;

	private final InstanceCodec codec;

	private final Duration ttl;

	private final Map<String, InstanceKeeper> keepers = new ConcurrentHashMap<>();

	EtcdServiceRegistry(EtcdClient client, InstanceCodec codec, Duration ttl) {
		this.client = client;
		this.codec = codec;
		this.ttl = ttl;
	}

	@Override
	public void register(@Nullable EtcdRegistration registration) {
		if (registration == null) {
			return;
		}
		this.keepers
			.computeIfAbsent(registration.toString(),
					(id) -> new InstanceKeeper(this.client, this.codec, this.ttl,
							registration.toRecord(InstanceStatus.UP)))
			.show(InstanceStatus.UP);
	}

	@Override
	public void deregister(@Nullable EtcdRegistration registration) {
		InstanceKeeper keeper = (registration != null) ? this.keepers.remove(registration.toString()) : null;
		if (keeper != null) {
			keeper.close();
		}
	}

	/**
	 * Sets whether an instance wants to be called.
	 * @param registration the instance
	 * @param status {@code UP} or {@code OUT_OF_SERVICE}, in any case of letters
	 * @throws IllegalArgumentException if it is neither
	 */
	@Override
	public void setStatus(EtcdRegistration registration, String status) {
		InstanceStatus wanted = InstanceStatus.valueOf(status.toUpperCase(Locale.ROOT));
		InstanceKeeper keeper = this.keepers.get(registration.toString());
		if (keeper != null) {
			keeper.show(wanted);
		}
	}

	@Override
	@SuppressWarnings({ "unchecked", "TypeParameterUnusedInFormals" })
	public <T> T getStatus(EtcdRegistration registration) {
		InstanceKeeper keeper = this.keepers.get(registration.toString());
		return (T) ((keeper != null) ? keeper.status().name() : "UNKNOWN");
	}

	@Override
	public void close() {
		this.keepers.values().forEach(InstanceKeeper::close);
		this.keepers.clear();
	}

}
