/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.boot.discovery;

import java.util.LinkedHashMap;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

class EtcdRegistrationTests {

	@Test
	void hasNoPortBeforeTheWebServerHasOne() {
		EtcdRegistration registration = registration();

		assertThat(registration.hasPort()).isFalse();
		assertThat(registration.getPort()).isZero();
	}

	@Test
	void takesPortOfTheWebServer() {
		EtcdRegistration registration = registration();

		registration.webServerStarted(8080);

		assertThat(registration.hasPort()).isTrue();
		assertThat(registration.getPort()).isEqualTo(8080);
		assertThat(registration.getUri()).hasToString("http://host:8080");
	}

	@Test
	void keepsConfiguredPortWhenTheWebServerHasAnother() {
		EtcdRegistration registration = registration("etcd.discovery.port", "9090");

		registration.webServerStarted(8080);

		assertThat(registration.getPort()).isEqualTo(9090);
	}

	@Test
	void takesNewPortWhenTheWebServerIsStartedAgain() {
		EtcdRegistration registration = registration();

		registration.webServerStarted(8080);
		registration.webServerStarted(8081);

		assertThat(registration.getPort()).isEqualTo(8081);
	}

	@Test
	void isIdentifiedByHostPortAndRandomPart() {
		EtcdRegistration registration = registration("etcd.discovery.port", "9090");

		assertThat(registration.getInstanceId()).matches("host-9090-[0-9a-f]{8}")
			.isEqualTo(registration.getInstanceId());
	}

	@Test
	void isIdentifiedUniquelyOnOneHostAndPort() {
		assertThat(registration("etcd.discovery.port", "9090").getInstanceId())
			.isNotEqualTo(registration("etcd.discovery.port", "9090").getInstanceId());
	}

	@Test
	void keepsConfiguredId() {
		EtcdRegistration registration = registration("etcd.discovery.instance-id", "orders-1");

		registration.webServerStarted(8080);

		assertThat(registration.getInstanceId()).isEqualTo("orders-1");
		assertThat(registration).hasToString("orders/orders-1");
	}

	@Test
	void becomesRecordOfWhatItIs() {
		EtcdRegistration registration = registration("etcd.discovery.instance-id", "1", "etcd.discovery.port", "9090",
				"etcd.discovery.metadata.zone", "eu", "etcd.discovery.metadata.weight", "2");

		assertThat(registration.toRecord(InstanceStatus.OUT_OF_SERVICE)).isEqualTo(new InstanceRecord("1", "orders",
				"host", 9090, false, InstanceStatus.OUT_OF_SERVICE, Map.of("zone", "eu", "weight", "2")));
		assertThat(registration.getMetadata()).containsOnlyKeys("zone", "weight");
	}

	@Test
	void speaksTlsWhenSecure() {
		EtcdRegistration registration = new EtcdRegistration("orders", "::1", true,
				properties(Map.of("etcd.discovery.port", "443")));

		assertThat(registration.isSecure()).isTrue();
		assertThat(registration.getUri()).hasToString("https://[::1]:443");
	}

	private static EtcdRegistration registration(String... namesAndValues) {
		Map<String, String> properties = new LinkedHashMap<>();
		for (int i = 0; i < namesAndValues.length; i += 2) {
			properties.put(namesAndValues[i], namesAndValues[i + 1]);
		}
		return new EtcdRegistration("orders", "host", false, properties(properties));
	}

	private static EtcdDiscoveryProperties properties(Map<String, String> properties) {
		return new Binder(new MapConfigurationPropertySource(properties)).bindOrCreate("etcd.discovery",
				EtcdDiscoveryProperties.class);
	}

}
