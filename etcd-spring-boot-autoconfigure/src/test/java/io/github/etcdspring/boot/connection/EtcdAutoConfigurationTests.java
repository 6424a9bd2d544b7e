/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.boot.connection;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.github.etcdspring.client.ConnectionState;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.client.EtcdClientOptions;
import io.github.etcdspring.client.EtcdCredentials;
import io.github.etcdspring.client.InvalidEndpointException;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;

import static org.assertj.core.api.Assertions.assertThat;

class EtcdAutoConfigurationTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(EtcdAutoConfiguration.class));

	@Test
	void makesClientThatHasNotConnectedByDefault() {
		this.runner.run((context) -> {
			assertThat(context).hasSingleBean(EtcdClient.class).hasSingleBean(PropertiesEtcdConnectionDetails.class);
			assertThat(context.getBean(EtcdClient.class).connectionState()).isEqualTo(ConnectionState.IDLE);
		});
	}

	@Test
	void makesNothingWhenDisabled() {
		this.runner.withPropertyValues("etcd.enabled=false")
			.run((context) -> assertThat(context).doesNotHaveBean(EtcdClient.class)
				.doesNotHaveBean(EtcdConnectionDetails.class)
				.doesNotHaveBean(EtcdProperties.class));
	}

	@Test
	void backsOffToClientOfTheUser() {
		this.runner.withUserConfiguration(OwnClient.class)
			.run((context) -> assertThat(context).hasSingleBean(EtcdClient.class).hasBean("own"));
	}

	@Test
	void makesClientOfProperties() {
		this.runner.withUserConfiguration(SeesOptions.class)
			.withPropertyValues("etcd.endpoints=http://a:1,b:2", "etcd.username=user", "etcd.password=secret",
					"etcd.request-timeout=2s", "etcd.max-inbound-message-size=5MB")
			.run((context) -> {
				EtcdClientOptions options = context.getBean(SeesOptions.class).seen();
				assertThat(options.endpoints()).containsExactly("http://a:1", "http://b:2");
				assertThat(options.credentials()).contains(new EtcdCredentials("user", "secret"));
				assertThat(options.requestTimeout()).isEqualTo(Duration.ofSeconds(2));
				assertThat(options.maxInboundMessageSize()).isEqualTo(5 * 1024 * 1024);
			});
	}

	@Test
	void makesClientWithoutCredentialsWhenNoneAreSet() {
		this.runner.withUserConfiguration(SeesOptions.class)
			.run((context) -> assertThat(context.getBean(SeesOptions.class).seen().credentials()).isEmpty());
	}

	@Test
	void takesConnectionDetailsBeanInPlaceOfProperties() {
		this.runner.withUserConfiguration(SeesOptions.class, OwnDetails.class)
			.withPropertyValues("etcd.endpoints=http://of-properties:1", "etcd.username=ignored",
					"etcd.password=ignored")
			.run((context) -> {
				assertThat(context).hasSingleBean(EtcdConnectionDetails.class);
				EtcdClientOptions options = context.getBean(SeesOptions.class).seen();
				assertThat(options.endpoints()).containsExactly("http://of-details:2");
				assertThat(options.credentials()).isEmpty();
			});
	}

	@Test
	void appliesCustomizersInTheirOrder() {
		this.runner.withUserConfiguration(TwoCustomizers.class).run((context) -> {
			List<?> calls = context.getBean("calls", List.class);
			assertThat(calls).isEqualTo(List.of("first", "second"));
		});
	}

	@Test
	void failsWhenPasswordIsMissing() {
		this.runner.withPropertyValues("etcd.username=user")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOf(InvalidCredentialsException.class)
				.hasMessage("etcd.username is set, but etcd.password is not"));
	}

	@Test
	void failsWithoutPasswordInMessageWhenUsernameIsMissing() {
		this.runner.withPropertyValues("etcd.password=S3CR3T")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOf(InvalidCredentialsException.class)
				.hasMessage("etcd.password is set, but etcd.username is not"));
	}

	@Test
	void failsWhenEndpointIsNone() {
		this.runner.withPropertyValues("etcd.endpoints=ftp://etcd:2379")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOf(InvalidEndpointException.class));
	}

	@Test
	void closesClientWithTheContext() {
		List<EtcdClient> clients = new ArrayList<>();

		this.runner.run((context) -> clients.add(context.getBean(EtcdClient.class)));

		assertThat(clients).singleElement().extracting(EtcdClient::connectionState).isEqualTo(ConnectionState.CLOSED);
	}

	@Configuration(proxyBeanMethods = false)
	static class OwnClient {

		@Bean
		EtcdClient own() {
			return EtcdClient.create("http://127.0.0.1:1");
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnDetails {

		@Bean
		EtcdConnectionDetails ownDetails() {
			return () -> List.of("http://of-details:2");
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class SeesOptions implements EtcdClientOptionsCustomizer {

		private final List<EtcdClientOptions> seen = new ArrayList<>();

		@Override
		public void customize(EtcdClientOptions.Builder builder) {
			this.seen.add(builder.build());
		}

		EtcdClientOptions seen() {
			assertThat(this.seen).hasSize(1);
			return this.seen.get(0);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class TwoCustomizers {

		@Bean
		List<String> calls() {
			return new ArrayList<>();
		}

		@Bean
		@Order(2)
		EtcdClientOptionsCustomizer second(List<String> calls) {
			return (builder) -> calls.add("second");
		}

		@Bean
		@Order(1)
		EtcdClientOptionsCustomizer first(List<String> calls) {
			return (builder) -> calls.add("first");
		}

	}

}
