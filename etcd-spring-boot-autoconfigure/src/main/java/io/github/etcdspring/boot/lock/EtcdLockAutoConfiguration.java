/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.boot.lock;

import io.github.etcdspring.boot.connection.EtcdAutoConfiguration;
import io.github.etcdspring.client.EtcdClient;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;

/**
 * Auto-configuration of {@link EtcdLocks}.
 */
@AutoConfiguration(after = EtcdAutoConfiguration.class)
@ConditionalOnBean(EtcdClient.class)
@ConditionalOnBooleanProperty(name = "etcd.enabled", matchIfMissing = true)
@ConditionalOnBooleanProperty(name = "etcd.lock.enabled", matchIfMissing = true)
@EnableConfigurationProperties(EtcdLockProperties.class)
public final class EtcdLockAutoConfiguration {

	@Bean(destroyMethod = "close")
	@ConditionalOnMissingBean
	EtcdLocks etcdLocks(EtcdClient client, EtcdLockProperties properties) {
		return new EtcdLocks(client, properties.prefix(), properties.ttl());
	}

}
