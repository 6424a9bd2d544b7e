/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.boot.connection;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.util.unit.DataSize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class EtcdPropertiesTests {

	@Test
	void hasDefaultsWhenNothingIsSet() {
		EtcdProperties properties = bind(Map.of());

		assertThat(properties.enabled()).isTrue();
		assertThat(properties.endpoints()).containsExactly("http://localhost:2379");
		assertThat(properties.username()).isNull();
		assertThat(properties.password()).isNull();
		assertThat(properties.requestTimeout()).isEqualTo(Duration.ofSeconds(10));
		assertThat(properties.maxInboundMessageSize()).isEqualTo(DataSize.ofMegabytes(16));
	}

	@Test
	void bindsEveryProperty() {
		EtcdProperties properties = bind(Map.of("etcd.enabled", "false", "etcd.endpoints", "http://a:1,http://b:2",
				"etcd.username", "user", "etcd.password", "secret", "etcd.request-timeout", "1500ms",
				"etcd.max-inbound-message-size", "4MB"));

		assertThat(properties).isEqualTo(new EtcdProperties(false, List.of("http://a:1", "http://b:2"), "user",
				"secret", Duration.ofMillis(1500), DataSize.ofMegabytes(4)));
	}

	@Test
	void bindsEnvironmentVariables() {
		EtcdProperties properties = bindEnvironment(Map.of("ETCD_ENDPOINTS", "http://a:1,http://b:2", "ETCD_USERNAME",
				"user", "ETCD_PASSWORD", "secret", "ETCD_REQUESTTIMEOUT", "3s"));

		assertThat(properties.endpoints()).containsExactly("http://a:1", "http://b:2");
		assertThat(properties.username()).isEqualTo("user");
		assertThat(properties.password()).isEqualTo("secret");
		assertThat(properties.requestTimeout()).isEqualTo(Duration.ofSeconds(3));
	}

	@Test
	void passesOverVariablesOfKubernetesAndOfTheServer() {
		EtcdProperties properties = bindEnvironment(Map.of("ETCD_PORT", "tcp://10.0.0.7:2379", "ETCD_SERVICE_HOST",
				"10.0.0.7", "ETCD_SERVICE_PORT", "2379", "ETCD_PORT_2379_TCP", "tcp://10.0.0.7:2379", "ETCD_NAME", "n1",
				"ETCD_METRICS", "extensive", "ETCD_AUTH_TOKEN", "simple", "ETCD_CONFIG_FILE", "/etc/etcd.conf",
				"ETCD_HEARTBEAT_INTERVAL", "100", "ETCD_ELECTION_TIMEOUT", "1000"));

		assertThat(properties).isEqualTo(bind(Map.of()));
	}

	@Test
	void refusesValueThatIsNoDuration() {
		assertThatExceptionOfType(BindException.class).isThrownBy(() -> bind(Map.of("etcd.request-timeout", "soon")))
			.withMessageContaining("etcd.request-timeout");
	}

	@Test
	void hidesPasswordInToString() {
		EtcdProperties properties = bind(Map.of("etcd.username", "user", "etcd.password", "S3CR3T"));

		assertThat(properties).hasToString("EtcdProperties[enabled=true, endpoints=[http://localhost:2379], "
				+ "username=user, password=***, requestTimeout=PT10S, maxInboundMessageSize=16777216B]");
	}

	private static EtcdProperties bind(Map<String, String> properties) {
		return bind(new MapConfigurationPropertySource(properties));
	}

	private static EtcdProperties bindEnvironment(Map<String, Object> variables) {
		StandardEnvironment environment = new StandardEnvironment();
		environment.getPropertySources()
			.replace(StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME, new SystemEnvironmentPropertySource(
					StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME, variables));
		ConfigurationPropertySources.attach(environment);
		return Binder.get(environment).bindOrCreate("etcd", EtcdProperties.class);
	}

	private static EtcdProperties bind(ConfigurationPropertySource source) {
		return new Binder(source).bindOrCreate("etcd", EtcdProperties.class);
	}

}
