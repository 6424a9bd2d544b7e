/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.boot.config;

import io.github.etcdspring.boot.connection.EtcdAutoConfiguration;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.cloud.context.properties.ConfigurationPropertiesRebinder;
import org.springframework.cloud.context.scope.refresh.RefreshScope;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Auto-configuration of what follows {@code spring.config.import=etcd:}. Without such an
 * import there is nothing to follow.
 */
@AutoConfiguration(after = EtcdAutoConfiguration.class,
		afterName = "org.springframework.cloud.autoconfigure.RefreshAutoConfiguration")
@ConditionalOnBean(LiveConfigs.class)
@EnableConfigurationProperties(EtcdConfigProperties.class)
public final class EtcdConfigAutoConfiguration {

	@Bean
	EtcdConfigWatcher etcdConfigWatcher(LiveConfigs configs, ObjectProvider<EnvironmentRefresher> refresher,
			ApplicationContext context) {
		return new EtcdConfigWatcher(configs, refresher.getIfAvailable(() -> (names) -> {
		}), context);
	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(RefreshScope.class)
	@ConditionalOnBean(RefreshScope.class)
	static class SpringCloudConfiguration {

		@Bean
		SpringCloudEnvironmentRefresher etcdEnvironmentRefresher(ConfigurableApplicationContext context,
				ConfigurationPropertiesRebinder rebinder, RefreshScope refreshScope) {
			return new SpringCloudEnvironmentRefresher(context, rebinder, refreshScope);
		}

	}

}
