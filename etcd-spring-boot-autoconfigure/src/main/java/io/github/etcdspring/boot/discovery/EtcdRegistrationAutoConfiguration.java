/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.boot.discovery;

import io.github.etcdspring.boot.connection.InvalidPropertyException;
import io.github.etcdspring.client.EtcdClient;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.cloud.client.serviceregistry.AutoServiceRegistration;
import org.springframework.cloud.client.serviceregistry.AutoServiceRegistrationAutoConfiguration;
import org.springframework.cloud.client.serviceregistry.Registration;
import org.springframework.cloud.client.serviceregistry.ServiceRegistryAutoConfiguration;
import org.springframework.cloud.commons.util.InetUtils.HostInfo;
import org.springframework.cloud.commons.util.InetUtils;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.util.StringUtils;

/**
 * Auto-configuration of the application's registration as a service instance.
 */
@AutoConfiguration(after = EtcdDiscoveryAutoConfiguration.class,
		before = { ServiceRegistryAutoConfiguration.class, AutoServiceRegistrationAutoConfiguration.class })
@ConditionalOnClass({ AutoServiceRegistration.class, InetUtils.class })
@ConditionalOnBean(InstanceCodec.class)
@ConditionalOnBooleanProperty(name = "spring.cloud.service-registry.enabled", matchIfMissing = true)
@ConditionalOnBooleanProperty(name = "spring.cloud.service-registry.auto-registration.enabled", matchIfMissing = true)
@ConditionalOnBooleanProperty(name = "etcd.discovery.register", matchIfMissing = true)
public final class EtcdRegistrationAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean(Registration.class)
	EtcdRegistration etcdRegistration(EtcdDiscoveryProperties properties, InetUtils inetUtils, InstanceCodec codec,
			Environment environment) {
		String service = StringUtils.hasText(properties.serviceName()) ? properties.serviceName()
				: environment.getProperty("spring.application.name", "application");
		boolean secure = (properties.scheme() != null) ? properties.scheme() == EtcdDiscoveryProperties.Scheme.HTTPS
				: hasServerKey(environment);
		EtcdRegistration registration = new EtcdRegistration(service, host(properties, inetUtils), secure, properties);
		if (codec.isTooLarge(registration.toLargestRecord())) {
			throw new InvalidPropertyException("etcd.discovery.metadata", properties.metadata().size() + " entries",
					"at most 16 KiB, with the rest of the record");
		}
		return registration;
	}

	private static String host(EtcdDiscoveryProperties properties, InetUtils inetUtils) {
		if (StringUtils.hasText(properties.hostname())) {
			return properties.hostname();
		}
		HostInfo host = inetUtils.findFirstNonLoopbackHostInfo();
		return properties.preferIpAddress() ? host.getIpAddress() : host.getHostname();
	}

	private static boolean hasServerKey(Environment environment) {
		return environment.getProperty("server.ssl.enabled", Boolean.class, true)
				&& (environment.containsProperty("server.ssl.bundle")
						|| environment.containsProperty("server.ssl.key-store")
						|| environment.containsProperty("server.ssl.certificate"));
	}

	@Bean(destroyMethod = "close")
	@ConditionalOnBean(EtcdRegistration.class)
	@ConditionalOnMissingBean
	EtcdServiceRegistry etcdServiceRegistry(EtcdClient client, InstanceCodec codec,
			EtcdDiscoveryProperties properties) {
		return new EtcdServiceRegistry(client, codec, properties.heartbeat().ttl());
	}

	@Bean
	@ConditionalOnBean(EtcdRegistration.class)
	@ConditionalOnMissingBean(AutoServiceRegistration.class)
	EtcdAutoServiceRegistration etcdAutoServiceRegistration(EtcdServiceRegistry registry, EtcdRegistration registration,
			ApplicationContext context) {
		return new EtcdAutoServiceRegistration(registry, registration, context);
	}

	/**
	 * The port comes from the web server, where there is one; nobody needs it when the
	 * registration is that of another registry.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(WebServerInitializedEvent.class)
	static class WebServerConfiguration {

		@Bean
		WebServerPortListener etcdWebServerPortListener(ObjectProvider<EtcdRegistration> registration) {
			return new WebServerPortListener(registration);
		}

	}

}
