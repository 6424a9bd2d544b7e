/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.boot.connection;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import io.github.etcdspring.client.ConnectionState;
import io.github.etcdspring.client.EtcdClient;
import org.apache.commons.logging.LogFactory;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.bootstrap.DefaultBootstrapContext;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;

class BootstrapEtcdClientTests {

	private final DefaultBootstrapContext bootstrap = new DefaultBootstrapContext();

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withInitializer(this.bootstrap::close)
		.withConfiguration(AutoConfigurations.of(EtcdAutoConfiguration.class));

	@Test
	void becomesTheClientOfTheContext() {
		EtcdClient client = register("http://a:1");

		this.runner.withPropertyValues("etcd.endpoints=http://a:1").run((context) -> {
			assertThat(context.getBean(EtcdClient.class)).isSameAs(client);
			assertThat(client.connectionState()).isEqualTo(ConnectionState.IDLE);
		});
	}

	@Test
	void isClosedWithTheContext() {
		EtcdClient client = register("http://a:1");

		this.runner.withPropertyValues("etcd.endpoints=http://a:1").run((context) -> {
		});

		assertThat(client.connectionState()).isEqualTo(ConnectionState.CLOSED);
	}

	@Test
	void isReplacedWhenEndpointsDiffer() {
		EtcdClient client = register("http://a:1");

		this.runner.withPropertyValues("etcd.endpoints=http://b:2")
			.run((context) -> assertThat(context).getBean(EtcdClient.class).isNotSameAs(client));

		assertThat(client.connectionState()).isEqualTo(ConnectionState.CLOSED);
	}

	@Test
	void isReplacedWhenCredentialsDiffer() {
		EtcdClient client = register("http://a:1");

		this.runner.withPropertyValues("etcd.endpoints=http://a:1", "etcd.username=user", "etcd.password=secret")
			.run((context) -> assertThat(context).getBean(EtcdClient.class).isNotSameAs(client));
	}

	@Test
	void isReplacedWhenConnectionDetailsBeanDiffers() {
		EtcdClient client = register("http://a:1");

		this.runner.withPropertyValues("etcd.endpoints=http://a:1")
			.withUserConfiguration(OtherDetails.class)
			.run((context) -> assertThat(context).getBean(EtcdClient.class).isNotSameAs(client));
	}

	@Test
	void isNotTheClientOfTheContextWhenOptionsAreCustomized() {
		EtcdClient client = register("http://a:1");

		this.runner.withPropertyValues("etcd.endpoints=http://a:1")
			.withBean(EtcdClientOptionsCustomizer.class,
					() -> (builder) -> builder.requestTimeout(Duration.ofSeconds(1)))
			.run((context) -> {
				assertThat(context).getBean(EtcdClient.class).isNotSameAs(client);
				assertThat(client.connectionState()).isEqualTo(ConnectionState.IDLE);
			});

		assertThat(client.connectionState()).isEqualTo(ConnectionState.CLOSED);
	}

	@Test
	void isClosedWhenTheContextFails() {
		EtcdClient client = register("http://a:1");

		this.runner.withPropertyValues("etcd.endpoints=http://a:1")
			.withUserConfiguration(Failing.class)
			.run((context) -> assertThat(context).hasFailed());

		assertThat(client.connectionState()).isEqualTo(ConnectionState.CLOSED);
	}

	@Test
	void staysTheSameWhenRegisteredAgain() {
		EtcdClient client = register("http://a:1");

		assertThat(register("http://other:2")).isSameAs(client);
		this.runner.withPropertyValues("etcd.endpoints=http://a:1")
			.run((context) -> assertThat(context).getBean(EtcdClient.class).isSameAs(client));
	}

	@Test
	void tellsEndpoints() {
		register("http://a:1");

		assertThat(BootstrapEtcdClient.of(this.bootstrap).endpoints()).containsExactly("http://a:1");
	}

	@Test
	void bindsDefaultsWhenNothingIsSet() {
		EtcdProperties properties = BootstrapEtcdClient.bind(this.bootstrap,
				new Binder(new MapConfigurationPropertySource()), "etcd", EtcdProperties.class);

		assertThat(properties.endpoints()).containsExactly("http://localhost:2379");
	}

	private EtcdClient register(String endpoint) {
		Binder binder = new Binder(new MapConfigurationPropertySource(Map.of("etcd.endpoints", endpoint)));
		BootstrapEtcdClient.register(this.bootstrap, binder.bindOrCreate("etcd", EtcdProperties.class),
				LogFactory.getLog(getClass()));
		return Objects.requireNonNull(BootstrapEtcdClient.of(this.bootstrap)).client();
	}

	@Configuration(proxyBeanMethods = false)
	static class OtherDetails {

		@Bean
		EtcdConnectionDetails details() {
			return () -> List.of("http://of-container:2");
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Failing {

		@Bean
		Object failing(EtcdClient client) {
			throw new IllegalStateException("on purpose, with " + client.connectionState());
		}

	}

}
