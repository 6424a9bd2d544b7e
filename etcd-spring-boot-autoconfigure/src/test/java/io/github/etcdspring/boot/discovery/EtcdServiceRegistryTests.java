/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.boot.discovery;

import java.time.Duration;

import io.github.etcdspring.client.EtcdClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.api.Assertions.assertTimeout;

/**
 * What needs no answer of etcd.
 */
class EtcdServiceRegistryTests {

	private final EtcdClient client = EtcdClient.create("http://127.0.0.1:1");

	private final EtcdServiceRegistry registry = new EtcdServiceRegistry(this.client, new InstanceCodec("services"),
			Duration.ofSeconds(5));

	private final EtcdRegistration registration = new EtcdRegistration("orders", "host", false,
			new Binder(new MapConfigurationPropertySource()).bindOrCreate("etcd.discovery",
					EtcdDiscoveryProperties.class));

	@AfterEach
	void close() {
		this.registry.close();
		this.client.close();
	}

	@Test
	void toleratesNoRegistration() {
		assertThatCode(() -> {
			this.registry.register(null);
			this.registry.deregister(null);
		}).doesNotThrowAnyException();
	}

	@Test
	void knowsNoStatusOfWhatIsNotRegistered() {
		assertThat(this.registry.<String>getStatus(this.registration)).isEqualTo("UNKNOWN");
	}

	@Test
	void returnsAtOnceWhenEtcdCanNotBeReached() {
		// far below the request timeout
		assertTimeout(Duration.ofSeconds(5), () -> this.registry.register(this.registration));

		assertThat(this.registry.<String>getStatus(this.registration)).isEqualTo("UP");
	}

	@Test
	void setsStatusInAnyCase() {
		this.registry.register(this.registration);

		this.registry.setStatus(this.registration, "out_of_service");

		assertThat(this.registry.<String>getStatus(this.registration)).isEqualTo("OUT_OF_SERVICE");
	}

	@Test
	void refusesStatusThatIsNone() {
		assertThatIllegalArgumentException().isThrownBy(() -> this.registry.setStatus(this.registration, "BOGUS"));
	}

	@Test
	void forgetsWhatIsDeregistered() {
		this.registry.register(this.registration);

		this.registry.deregister(this.registration);

		assertThat(this.registry.<String>getStatus(this.registration)).isEqualTo("UNKNOWN");
	}

}
