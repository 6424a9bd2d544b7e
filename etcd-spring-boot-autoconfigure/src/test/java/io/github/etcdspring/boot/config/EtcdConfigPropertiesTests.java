/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.boot.config;

import java.time.Duration;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class EtcdConfigPropertiesTests {

	@Test
	void hasDefaultsWhenNothingIsSet() {
		EtcdConfigProperties properties = Fixtures.properties();

		assertThat(properties.enabled()).isTrue();
		assertThat(properties.name()).isNull();
		assertThat(properties.prefixes()).containsExactly("config");
		assertThat(properties.defaultContext()).isEqualTo("application");
		assertThat(properties.profileSeparator()).isEqualTo(",");
		assertThat(properties.startupTimeout()).isEqualTo(Duration.ofSeconds(10));
		assertThat(properties.allowExpressions()).isFalse();
		assertThat(properties.watch())
			.isEqualTo(new EtcdConfigProperties.Watch(true, Duration.ofMillis(100), Duration.ofSeconds(1)));
	}

	@Test
	void bindsWatch() {
		EtcdConfigProperties properties = Fixtures.properties("etcd.config.watch.enabled", "false",
				"etcd.config.watch.debounce", "1s", "etcd.config.watch.max-delay", "1m");

		assertThat(properties.watch())
			.isEqualTo(new EtcdConfigProperties.Watch(false, Duration.ofSeconds(1), Duration.ofMinutes(1)));
	}

}
