/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.boot.connection;

import java.util.List;

import io.github.etcdspring.client.EtcdClient;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;

/**
 * Auto-configuration of the {@link EtcdClient}.
 */
@AutoConfiguration
@ConditionalOnBooleanProperty(name = "etcd.enabled", matchIfMissing = true)
@EnableConfigurationProperties(EtcdProperties.class)
public final class EtcdAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean(EtcdConnectionDetails.class)
	PropertiesEtcdConnectionDetails etcdConnectionDetails(EtcdProperties properties) {
		return new PropertiesEtcdConnectionDetails(properties);
	}

	@Bean(destroyMethod = "close")
	@ConditionalOnMissingBean
	EtcdClient etcdClient(ObjectProvider<BootstrapEtcdClient> bootstrap, EtcdConnectionDetails details,
			EtcdProperties properties, ObjectProvider<EtcdClientOptionsCustomizer> customizers) {
		BootstrapEtcdClient existing = bootstrap.getIfAvailable();
		List<EtcdClientOptionsCustomizer> all = customizers.orderedStream().toList();
		if (existing != null && all.isEmpty() && existing.serves(details)) {
			return existing.client();
		}
		// the other one goes on for the configuration that it read
		return EtcdClientFactory.create(details, properties, all.stream());
	}

}
