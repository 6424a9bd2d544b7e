/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.boot.discovery;

import io.github.etcdspring.boot.connection.EtcdAutoConfiguration;
import io.github.etcdspring.boot.connection.EtcdProperties;
import io.github.etcdspring.client.EtcdClient;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.cloud.client.CommonsClientAutoConfiguration;
import org.springframework.cloud.client.ConditionalOnBlockingDiscoveryEnabled;
import org.springframework.cloud.client.ConditionalOnDiscoveryEnabled;
import org.springframework.cloud.client.discovery.DiscoveryClient;
import org.springframework.cloud.client.discovery.event.HeartbeatEvent;
import org.springframework.cloud.client.discovery.simple.SimpleDiscoveryClientAutoConfiguration;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.databind.json.JsonMapper;

/**
 * Auto-configuration of the discovery of services in etcd.
 */
@AutoConfiguration(after = EtcdAutoConfiguration.class,
		before = { SimpleDiscoveryClientAutoConfiguration.class, CommonsClientAutoConfiguration.class })
@ConditionalOnClass({ DiscoveryClient.class, JsonMapper.class })
@ConditionalOnBean(EtcdClient.class)
@ConditionalOnDiscoveryEnabled
@ConditionalOnBooleanProperty(name = "etcd.enabled", matchIfMissing = true)
@ConditionalOnBooleanProperty(name = "etcd.discovery.enabled", matchIfMissing = true)
@EnableConfigurationProperties(EtcdDiscoveryProperties.class)
public final class EtcdDiscoveryAutoConfiguration {

	@Bean
	InstanceCodec etcdInstanceCodec(EtcdDiscoveryProperties properties) {
		return new InstanceCodec(properties.prefix());
	}

	/** A registration does without it. */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnBlockingDiscoveryEnabled
	static class BlockingConfiguration {

		@Bean
		InstanceCache etcdInstanceCache(EtcdClient client, InstanceCodec codec, EtcdProperties properties,
				ApplicationEventPublisher publisher) {
			return new InstanceCache(client, codec, properties.requestTimeout(),
					(revision) -> publisher.publishEvent(new HeartbeatEvent(client, revision)));
		}

		@Bean
		@ConditionalOnMissingBean
		EtcdDiscoveryClient etcdDiscoveryClient(InstanceCache cache) {
			return new EtcdDiscoveryClient(cache);
		}

		@Bean
		DiscoveryAnnouncement etcdDiscoveryAnnouncement(ApplicationContext context, EtcdDiscoveryProperties properties,
				ObjectProvider<EtcdRegistration> registration) {
			return new DiscoveryAnnouncement(context, properties, registration);
		}

	}

}
