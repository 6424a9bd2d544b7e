/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.boot;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;

import io.github.etcdspring.boot.connection.EtcdProperties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.Resource;
import org.springframework.core.io.UrlResource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What an editor shows of our properties.
 */
class ConfigurationMetadataTests {

	private final List<Property> properties = read();

	@Test
	void knowsEveryProperty() {
		assertThat(this.properties).extracting(Property::name)
			.containsExactlyInAnyOrder("etcd.enabled", "etcd.endpoints", "etcd.username", "etcd.password",
					"etcd.request-timeout", "etcd.max-inbound-message-size", "etcd.config.enabled", "etcd.config.name",
					"etcd.config.prefixes", "etcd.config.default-context", "etcd.config.profile-separator",
					"etcd.config.startup-timeout", "etcd.config.allow-expressions", "etcd.config.watch.enabled",
					"etcd.config.watch.debounce", "etcd.config.watch.max-delay", "etcd.discovery.enabled",
					"etcd.discovery.prefix", "etcd.discovery.register", "etcd.discovery.service-name",
					"etcd.discovery.instance-id", "etcd.discovery.hostname", "etcd.discovery.prefer-ip-address",
					"etcd.discovery.port", "etcd.discovery.scheme", "etcd.discovery.metadata",
					"etcd.discovery.heartbeat.ttl", "etcd.lock.enabled", "etcd.lock.prefix", "etcd.lock.ttl",
					"etcd.leader.enabled", "etcd.leader.when-disabled", "etcd.leader.prefix", "etcd.leader.id",
					"etcd.leader.ttl", "management.health.etcd.enabled");
	}

	@Test
	void describesEveryProperty() {
		assertThat(this.properties).allSatisfy((property) -> {
			assertThat(property.description()).as(property.name()).hasSizeGreaterThan(15).endsWith(".");
			assertThat(property.description()).as(property.name()).doesNotStartWith("The ").doesNotStartWith("A ");
		});
	}

	@Test
	void asksWhetherInDescriptionsOfBooleans() {
		assertThat(this.properties).filteredOn((property) -> property.type().equals("java.lang.Boolean"))
			.isNotEmpty()
			.allSatisfy((property) -> assertThat(property.description()).as(property.name()).startsWith("Whether "));
	}

	@ParameterizedTest
	@ValueSource(strings = { "etcd.port", "etcd.host", "etcd.service", "etcd.name", "etcd.metrics", "etcd.auth-token",
			"etcd.config.file", "etcd.log-level", "etcd.heartbeat", "etcd.election", "etcd.cert-file", "etcd.key-file",
			"etcd.client-cert-auth", "etcd.discovery.endpoints", "etcd.discovery.token", "etcd.discovery.user",
			"etcd.discovery.password" })
	void definesNoNameThatKubernetesOrTheServerSetsInTheEnvironment(String name) {
		assertThat(this.properties).extracting(Property::name)
			.noneMatch((each) -> each.equals(name) || each.startsWith(name + "."));
	}

	@Test
	void stayInTheirNamespace() {
		assertThat(this.properties).extracting(Property::name)
			.filteredOn((name) -> !name.equals("management.health.etcd.enabled"))
			.allMatch((name) -> name.startsWith("etcd."));
	}

	private static List<Property> read() {
		try (InputStream json = metadata().getInputStream()) {
			JsonNode metadata = JsonMapper.builder().build().readTree(json);
			return metadata.path("properties").valueStream().map(Property::of).toList();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** Ours: other jars on the class path have one too. */
	private static Resource metadata() throws IOException {
		Resource ourClass = new ClassPathResource("EtcdProperties.class", EtcdProperties.class);
		return new UrlResource(ourClass.getURL()
			.toString()
			.replace("io/github/etcdspring/boot/connection/EtcdProperties.class",
					"META-INF/spring-configuration-metadata.json"));
	}

	private record Property(String name, String type, String description) {

		static Property of(JsonNode node) {
			return new Property(node.path("name").asString(), node.path("type").asString(""),
					node.path("description").asString(""));
		}

	}

}
