/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.boot.health;

import io.github.etcdspring.boot.connection.EtcdAutoConfiguration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;

class EtcdHealthContributorAutoConfigurationTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withPropertyValues("etcd.endpoints=http://127.0.0.1:1")
		.withConfiguration(
				AutoConfigurations.of(EtcdAutoConfiguration.class, EtcdHealthContributorAutoConfiguration.class));

	@Test
	void contributesByDefault() {
		this.runner.run((context) -> assertThat(context).hasSingleBean(EtcdHealthIndicator.class)
			.hasBean("etcdHealthIndicator"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "management.health.etcd.enabled", "management.health.defaults.enabled", "etcd.enabled" })
	void contributesNothingWhenSwitchedOff(String property) {
		this.runner.withPropertyValues(property + "=false")
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(EtcdHealthIndicator.class));
	}

	@Test
	void backsOffToIndicatorOfTheUser() {
		this.runner.withUserConfiguration(OwnIndicator.class)
			.run((context) -> assertThat(context).doesNotHaveBean(EtcdHealthIndicator.class)
				.hasSingleBean(HealthIndicator.class));
	}

	@Configuration(proxyBeanMethods = false)
	static class OwnIndicator {

		@Bean
		HealthIndicator etcdHealthIndicator() {
			return () -> Health.up().build();
		}

	}

}
