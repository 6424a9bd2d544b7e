/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.boot.discovery;

import java.time.Duration;
import java.util.Map;

import io.github.etcdspring.boot.connection.EtcdAutoConfiguration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.cloud.client.CommonsClientAutoConfiguration;
import org.springframework.cloud.client.discovery.DiscoveryClient;
import org.springframework.cloud.client.discovery.composite.CompositeDiscoveryClient;
import org.springframework.cloud.client.discovery.composite.CompositeDiscoveryClientAutoConfiguration;
import org.springframework.cloud.client.discovery.simple.SimpleDiscoveryClientAutoConfiguration;
import org.springframework.cloud.commons.util.UtilAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

class EtcdDiscoveryAutoConfigurationTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withPropertyValues("etcd.endpoints=http://127.0.0.1:1", "etcd.request-timeout=200ms")
		.withConfiguration(AutoConfigurations.of(EtcdAutoConfiguration.class, EtcdDiscoveryAutoConfiguration.class));

	@Test
	void discoversByDefault() {
		this.runner.run((context) -> {
			assertThat(context).hasSingleBean(EtcdDiscoveryClient.class).hasSingleBean(InstanceCache.class);
			assertThat(context.getBean(InstanceCache.class).isRunning()).isTrue();
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "etcd.enabled", "etcd.discovery.enabled", "spring.cloud.discovery.enabled",
			"spring.cloud.discovery.blocking.enabled" })
	void discoversNothingWhenSwitchedOff(String property) {
		this.runner.withPropertyValues(property + "=false")
			.run((context) -> assertThat(context).hasNotFailed()
				.doesNotHaveBean(EtcdDiscoveryClient.class)
				.doesNotHaveBean(InstanceCache.class));
	}

	@ParameterizedTest
	@ValueSource(classes = { DiscoveryClient.class, JsonMapper.class })
	void discoversNothingWhenClassIsMissing(Class<?> missing) {
		this.runner.withClassLoader(new FilteredClassLoader(missing))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean("etcdDiscoveryClient"));
	}

	@Test
	void backsOffToClientOfTheUser() {
		this.runner.withUserConfiguration(OwnClient.class)
			.run((context) -> assertThat(context).hasSingleBean(EtcdDiscoveryClient.class)
				.hasBean("own")
				.doesNotHaveBean("etcdDiscoveryClient"));
	}

	@Test
	void isOneOfTheClientsOfSpringCloud() {
		this.runner
			.withConfiguration(AutoConfigurations.of(UtilAutoConfiguration.class, CommonsClientAutoConfiguration.class,
					CompositeDiscoveryClientAutoConfiguration.class, SimpleDiscoveryClientAutoConfiguration.class))
			.run((context) -> assertThat(context.getBean(CompositeDiscoveryClient.class).getDiscoveryClients())
				.hasAtLeastOneElementOfType(EtcdDiscoveryClient.class));
	}

	@Test
	void answersWithNothingWhenEtcdHasNeverAnswered() {
		this.runner.run((context) -> {
			DiscoveryClient client = context.getBean(DiscoveryClient.class);

			assertThat(client.getServices()).isEmpty();
			assertThat(client.getInstances("orders")).isEmpty();
		});
	}

	@Test
	void stopsWithTheContext() {
		this.runner.run((context) -> {
			InstanceCache cache = context.getBean(InstanceCache.class);

			context.close();

			assertThat(cache.isRunning()).isFalse();
		});
	}

	@Test
	void bindsDefaults() {
		this.runner.run((context) -> assertThat(context.getBean(EtcdDiscoveryProperties.class))
			.isEqualTo(new EtcdDiscoveryProperties(true, "services", true, null, null, null, false, null, null,
					Map.of(), new EtcdDiscoveryProperties.Heartbeat(Duration.ofSeconds(15)))));
	}

	@Configuration(proxyBeanMethods = false)
	static class OwnClient {

		@Bean
		EtcdDiscoveryClient own(InstanceCache cache) {
			return new EtcdDiscoveryClient(cache);
		}

	}

}
