/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.spring;

import java.time.Duration;
import java.util.List;

import io.github.etcdspring.boot.connection.EtcdConnectionDetails;
import io.github.etcdspring.boot.test.cluster.EtcdCluster;
import io.github.etcdspring.boot.test.cluster.EtcdClusterExtension;
import io.github.etcdspring.client.EtcdClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * An application whose beans use another cluster than its configuration comes from.
 */
class OtherClusterIntegrationTests {

	@RegisterExtension
	static final EtcdClusterExtension configuration = EtcdClusterExtension.members(1);

	@Test
	void followsConfigurationWhereItWasRead() {
		EtcdCluster ofConfiguration = configuration.cluster();
		ofConfiguration.etcdctl("put", "config/apart/demo.text", "old");
		try (EtcdCluster ofBeans = EtcdCluster.start();
				App app = App.of(ofConfiguration, "apart")
					.importing("etcd:")
					.set("test.endpoint", ofBeans.endpoints().get(0))
					.with(Settings.class, OtherDetails.class)
					.start()) {
			app.client().kv().put("of-beans", "1");
			assertThat(ofBeans.etcdctl("get", "of-beans", "--print-value-only")).isEqualTo("1");

			ofConfiguration.etcdctl("put", "config/apart/demo.text", "new");

			Moments.within(Duration.ofSeconds(2)).until(() -> app.bean(Settings.Scoped.class).text().equals("new"));
		}
	}

	@Test
	void followsConfigurationWhenClientIsOfTheUser() {
		EtcdCluster ofConfiguration = configuration.cluster();
		ofConfiguration.etcdctl("put", "config/own/demo.text", "old");
		try (App app = App.of(ofConfiguration, "own")
			.importing("etcd:")
			.with(Settings.class, OwnClient.class)
			.start()) {
			ofConfiguration.etcdctl("put", "config/own/demo.text", "new");

			Moments.within(Duration.ofSeconds(2)).until(() -> app.bean(Settings.Scoped.class).text().equals("new"));
		}
	}

	@Configuration(proxyBeanMethods = false)
	static class OtherDetails {

		@Bean
		EtcdConnectionDetails details(@Value("${test.endpoint}") String endpoint) {
			return () -> List.of(endpoint);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnClient {

		@Bean
		EtcdClient ownClient() {
			return EtcdClient.create("http://127.0.0.1:1");
		}

	}

}
