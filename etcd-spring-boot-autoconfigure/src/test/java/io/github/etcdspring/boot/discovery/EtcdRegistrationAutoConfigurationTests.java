/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.boot.discovery;

import java.time.Duration;

import io.github.etcdspring.boot.connection.EtcdAutoConfiguration;
import io.github.etcdspring.client.EtcdClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.cloud.client.serviceregistry.AutoServiceRegistration;
import org.springframework.cloud.client.serviceregistry.Registration;
import org.springframework.cloud.client.serviceregistry.ServiceRegistryAutoConfiguration;
import org.springframework.cloud.commons.util.UtilAutoConfiguration;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;

class EtcdRegistrationAutoConfigurationTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withPropertyValues("etcd.endpoints=http://127.0.0.1:1", "spring.application.name=orders",
				"spring.cloud.inetutils.default-hostname=host", "etcd.discovery.hostname=host")
		.withConfiguration(AutoConfigurations.of(UtilAutoConfiguration.class, EtcdAutoConfiguration.class,
				EtcdDiscoveryAutoConfiguration.class, EtcdRegistrationAutoConfiguration.class,
				ServiceRegistryAutoConfiguration.class));

	@Test
	void registersByDefault() {
		this.runner.run((context) -> assertThat(context).hasSingleBean(EtcdRegistration.class)
			.hasSingleBean(EtcdServiceRegistry.class)
			.hasSingleBean(EtcdAutoServiceRegistration.class)
			.hasSingleBean(WebServerPortListener.class));
	}

	@ParameterizedTest
	@ValueSource(strings = { "etcd.enabled", "etcd.discovery.enabled", "etcd.discovery.register",
			"spring.cloud.discovery.enabled", "spring.cloud.service-registry.enabled",
			"spring.cloud.service-registry.auto-registration.enabled" })
	void registersNothingWhenSwitchedOff(String property) {
		this.runner.withPropertyValues(property + "=false")
			.run((context) -> assertThat(context).hasNotFailed()
				.doesNotHaveBean(EtcdRegistration.class)
				.doesNotHaveBean(EtcdServiceRegistry.class)
				.doesNotHaveBean(EtcdAutoServiceRegistration.class));
	}

	@Test
	void stillDiscoversWhenOnlyRegistrationIsSwitchedOff() {
		this.runner.withPropertyValues("etcd.discovery.register=false")
			.run((context) -> assertThat(context).hasSingleBean(EtcdDiscoveryClient.class));
	}

	@Test
	void registersWhenOnlyBlockingDiscoveryIsSwitchedOff() {
		this.runner.withPropertyValues("spring.cloud.discovery.blocking.enabled=false")
			.run((context) -> assertThat(context).hasSingleBean(EtcdAutoServiceRegistration.class)
				.doesNotHaveBean(EtcdDiscoveryClient.class));
	}

	@Test
	void leavesRegistrationToAnotherRegistry() {
		this.runner.withBean(Registration.class, () -> mock(Registration.class))
			.run((context) -> assertThat(context).hasNotFailed()
				.doesNotHaveBean(EtcdRegistration.class)
				.doesNotHaveBean(EtcdServiceRegistry.class)
				.doesNotHaveBean(EtcdAutoServiceRegistration.class));
	}

	@Test
	void registersNothingWhenServiceRegistryIsNotOnTheClassPath() {
		this.runner.withClassLoader(new FilteredClassLoader(AutoServiceRegistration.class))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean("etcdRegistration"));
	}

	@Test
	void doesWithoutWebServerOnTheClassPath() {
		this.runner.withClassLoader(new FilteredClassLoader(WebServerInitializedEvent.class))
			.run((context) -> assertThat(context).hasNotFailed()
				.hasSingleBean(EtcdAutoServiceRegistration.class)
				.doesNotHaveBean("etcdWebServerPortListener"));
	}

	@Test
	void backsOffToBeansOfTheUser() {
		this.runner.withUserConfiguration(OwnBeans.class)
			.run((context) -> assertThat(context).hasSingleBean(EtcdServiceRegistry.class)
				.hasSingleBean(AutoServiceRegistration.class)
				.hasBean("ownRegistry")
				.hasBean("ownAutoServiceRegistration"));
	}

	@Test
	void registersBeforeAndDeregistersAfterNobodyElse() {
		this.runner.run((context) -> assertThat(context.getBean(EtcdAutoServiceRegistration.class).getPhase())
			.isEqualTo(SmartLifecycle.DEFAULT_PHASE)
			.isEqualTo(Integer.MAX_VALUE));
	}

	@Test
	void isNamedAsTheApplication() {
		this.runner
			.run((context) -> assertThat(context.getBean(Registration.class).getServiceId()).isEqualTo("orders"));
	}

	@Test
	void isNamedAsConfigured() {
		this.runner.withPropertyValues("etcd.discovery.service-name=billing")
			.run((context) -> assertThat(context.getBean(Registration.class).getServiceId()).isEqualTo("billing"));
	}

	@Test
	void takesHostOfTheMachineWhenNoneIsConfigured() {
		this.runner.withPropertyValues("etcd.discovery.hostname=", "etcd.discovery.prefer-ip-address=true")
			.run((context) -> assertThat(context.getBean(Registration.class).getHost()).matches("[0-9a-fA-F.:]+"));
	}

	@ParameterizedTest
	@CsvSource({ "server.port=8080,false", "server.ssl.bundle=web,true", "server.ssl.key-store=web.p12,true",
			"server.ssl.certificate=web.pem,true", "etcd.discovery.scheme=https,true" })
	void isSecureWhenTheServerHasKeyOrItIsSaidSo(String property, boolean secure) {
		this.runner.withPropertyValues(property)
			.run((context) -> assertThat(context.getBean(Registration.class).isSecure()).isEqualTo(secure));
	}

	@ParameterizedTest
	@ValueSource(strings = { "server.ssl.enabled=false", "etcd.discovery.scheme=http" })
	void isNotSecureWhenSwitchedOffThoughTheServerHasKey(String property) {
		this.runner.withPropertyValues("server.ssl.bundle=web", property)
			.run((context) -> assertThat(context.getBean(Registration.class).isSecure()).isFalse());
	}

	@Configuration(proxyBeanMethods = false)
	static class OwnBeans {

		@Bean
		EtcdServiceRegistry ownRegistry(EtcdClient client) {
			return new EtcdServiceRegistry(client, new InstanceCodec("own"), Duration.ofSeconds(5));
		}

		@Bean
		AutoServiceRegistration ownAutoServiceRegistration() {
			return mock(AutoServiceRegistration.class);
		}

	}

}
