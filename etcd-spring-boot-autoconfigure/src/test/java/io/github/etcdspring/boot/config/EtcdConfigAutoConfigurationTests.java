/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.boot.config;

import java.util.List;
import java.util.Map;

import io.github.etcdspring.boot.SilentServer;
import io.github.etcdspring.boot.connection.EtcdAutoConfiguration;
import io.github.etcdspring.client.EtcdClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.cloud.autoconfigure.ConfigurationPropertiesRebinderAutoConfiguration;
import org.springframework.cloud.autoconfigure.RefreshAutoConfiguration;
import org.springframework.cloud.context.scope.refresh.RefreshScope;

import static org.assertj.core.api.Assertions.assertThat;

class EtcdConfigAutoConfigurationTests {

	private final SilentServer server = SilentServer.start();

	private final EtcdClient client = EtcdClient.create(this.server.endpoint());

	private final ApplicationContextRunner withoutImport = new ApplicationContextRunner()
		.withPropertyValues("etcd.endpoints=" + this.server.endpoint())
		.withConfiguration(AutoConfigurations.of(EtcdAutoConfiguration.class, EtcdConfigAutoConfiguration.class));

	private final ApplicationContextRunner runner = this.withoutImport
		.withInitializer((context) -> context.getBeanFactory().registerSingleton("imports", imports()));

	@AfterEach
	void close() {
		this.client.close();
		this.server.close();
	}

	@Test
	void followsNothingWhenNothingWasImported() {
		this.withoutImport.run((context) -> assertThat(context).hasNotFailed()
			.doesNotHaveBean(EtcdConfigWatcher.class)
			.doesNotHaveBean(EtcdConfigProperties.class));
	}

	@Test
	void followsImports() {
		this.runner.run((context) -> {
			assertThat(context).hasSingleBean(EtcdConfigWatcher.class);
			assertThat(context.getBean(EtcdConfigWatcher.class).isRunning()).isTrue();
		});
	}

	@Test
	void refreshesNothingWhenRefreshScopeIsNotThere() {
		this.runner.run((context) -> assertThat(context).doesNotHaveBean(EnvironmentRefresher.class));
	}

	@Test
	void refreshesNothingWhenSpringCloudContextIsNotOnTheClassPath() {
		this.runner.withClassLoader(new FilteredClassLoader("org.springframework.cloud.context"))
			.run((context) -> assertThat(context).hasNotFailed()
				.hasSingleBean(EtcdConfigWatcher.class)
				.doesNotHaveBean(EnvironmentRefresher.class));
	}

	@Test
	void refreshesWhenRefreshScopeIsThere() {
		this.runner
			.withConfiguration(AutoConfigurations.of(RefreshAutoConfiguration.class,
					ConfigurationPropertiesRebinderAutoConfiguration.class))
			.run((context) -> assertThat(context).hasSingleBean(RefreshScope.class)
				.hasSingleBean(SpringCloudEnvironmentRefresher.class));
	}

	@Test
	void stopsFollowingWithTheContext() {
		this.runner.run((context) -> {
			EtcdConfigWatcher watcher = context.getBean(EtcdConfigWatcher.class);

			context.close();

			assertThat(watcher.isRunning()).isFalse();
		});
	}

	private LiveConfigs imports() {
		ConfigContext context = new ConfigContext("config/app/", false);
		LiveConfigs imports = new LiveConfigs();
		imports.computeIfAbsent(List.of(context), () -> Fixtures.live(this.client, List.of(context),
				Fixtures.snapshot(3, context, Map.of("demo.text", "old"))));
		return imports;
	}

}
