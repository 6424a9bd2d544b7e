/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.spring;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

import io.github.etcdspring.boot.test.cluster.EtcdCluster;
import io.github.etcdspring.boot.test.cluster.EtcdClusterExtension;
import io.github.etcdspring.client.EtcdClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.cloud.context.refresh.ContextRefresher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

/**
 * An import that is written into {@code application.properties} while the application
 * runs, and comes with the next refresh of Spring Cloud.
 */
class ConfigAddedByRefreshIntegrationTests {

	@RegisterExtension
	static final EtcdClusterExtension etcd = EtcdClusterExtension.members(1);

	private final EtcdClient client;

	@TempDir
	private Path folder;

	ConfigAddedByRefreshIntegrationTests(EtcdCluster cluster) {
		this.client = EtcdClient.create(cluster.endpoints().get(0));
	}

	@AfterEach
	void disconnect() {
		this.client.close();
	}

	@Test
	void isFollowedLikeTheOthers(EtcdCluster cluster) throws IOException {
		this.client.kv().put("config/extra/demo.text", "one");
		writeImport("etcd:");
		try (App app = start(cluster)) {
			writeImport("etcd:,etcd:config/extra");

			app.bean(ContextRefresher.class).refresh();

			Moments.soon().until(() -> "one".equals(text(app)));
			this.client.kv().put("config/extra/demo.text", "two");
			Moments.soon().until(() -> "two".equals(text(app)));
		}
	}

	@Test
	void leavesEverythingElseAtWorkWhenItCanNotBeRead(EtcdCluster cluster) throws IOException {
		writeImport("etcd:");
		try (App app = start(cluster)) {
			writeImport("etcd:,etcd:config/extra");
			cluster.pause();

			assertThatException().isThrownBy(() -> app.bean(ContextRefresher.class).refresh())
				.withMessageContaining("config/extra");

			cluster.resume();
			assertThat(app.client().kv().put("key", "value").revision()).isPositive();
			this.client.kv().put("config/adder/demo.text", "new");
			Moments.within(Duration.ofSeconds(5)).until(() -> "new".equals(text(app)));
		}
	}

	private void writeImport(String locations) throws IOException {
		Files.writeString(this.folder.resolve("application.properties"),
				"spring.config.import=" + locations + "\netcd.config.startup-timeout=1s\n");
	}

	private App start(EtcdCluster cluster) {
		return App.of(cluster, "adder")
			.set("spring.config.location", this.folder.toUri().toString())
			.with(Settings.class)
			.start();
	}

	private static String text(App app) {
		return app.bean(Settings.Scoped.class).text();
	}

}
