/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.boot.connection;

import java.util.Optional;
import java.util.stream.Stream;

import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.client.EtcdClientOptions;
import io.github.etcdspring.client.EtcdCredentials;
import org.jspecify.annotations.Nullable;
import org.springframework.util.StringUtils;

/**
 * Makes clients from connection details and properties.
 */
final class EtcdClientFactory {

	private EtcdClientFactory() {
	}

	static EtcdClient create(EtcdConnectionDetails details, EtcdProperties properties,
			Stream<EtcdClientOptionsCustomizer> customizers) {
		EtcdClientOptions.Builder builder = EtcdClientOptions.builder(details.getEndpoints())
			.requestTimeout(properties.requestTimeout())
			.maxInboundMessageSize(Math.toIntExact(properties.maxInboundMessageSize().toBytes()));
		credentials(details.getUsername(), details.getPassword()).ifPresent(builder::credentials);
		customizers.forEach((customizer) -> customizer.customize(builder));
		return EtcdClient.create(builder.build());
	}

	private static Optional<EtcdCredentials> credentials(@Nullable String username, @Nullable String password) {
		if (StringUtils.hasText(username) && StringUtils.hasText(password)) {
			return Optional.of(new EtcdCredentials(username, password));
		}
		if (StringUtils.hasText(username)) {
			throw new InvalidCredentialsException("etcd.username", "etcd.password");
		}
		if (StringUtils.hasText(password)) {
			throw new InvalidCredentialsException("etcd.password", "etcd.username");
		}
		return Optional.empty();
	}

}
