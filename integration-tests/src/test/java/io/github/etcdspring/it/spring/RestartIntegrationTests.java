/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.spring;

import java.time.Duration;

import io.github.etcdspring.KeyRange;
import io.github.etcdspring.boot.config.EtcdConfigChangedEvent;
import io.github.etcdspring.boot.leader.LeaderElections;
import io.github.etcdspring.boot.lock.EtcdLocks;
import io.github.etcdspring.boot.test.cluster.EtcdCluster;
import io.github.etcdspring.boot.test.cluster.EtcdClusterExtension;
import io.github.etcdspring.client.EtcdClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.client.discovery.DiscoveryClient;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Applications that are stopped and started again without being closed, as Spring's test
 * framework does with contexts that it keeps, and checkpoint and restore do.
 */
class RestartIntegrationTests {

	@RegisterExtension
	static final EtcdClusterExtension etcd = EtcdClusterExtension.members(1);

	private final EtcdClient client;

	RestartIntegrationTests(EtcdCluster cluster) {
		this.client = EtcdClient.create(cluster.endpoints().get(0));
	}

	@AfterEach
	void disconnect() {
		this.client.close();
	}

	@Test
	void registersAgain(EtcdCluster cluster) {
		try (App app = App.of(cluster, "again").set("etcd.discovery.port", "9090").start()) {
			Moments.soon().until(() -> count("services/again/") == 1);

			app.context().stop();
			assertThat(count("services/again/")).isZero();
			app.context().start();

			Moments.soon().until(() -> count("services/again/") == 1);
			Moments.soon().until(() -> app.bean(DiscoveryClient.class).getInstances("again").size() == 1);
		}
		assertThat(count("services/again/")).isZero();
	}

	@Test
	void registersPortOfTheWebServerThatWasStartedAgain(EtcdCluster cluster) {
		try (App app = App.of(cluster, "web").web().start()) {
			Moments.soon().until(() -> count("services/web/") == 1);

			app.context().stop();
			app.context().start();

			// the list of before is kept until there is another
			Moments.soon()
				.untilAsserted(() -> assertThat(app.bean(DiscoveryClient.class).getInstances("web"))
					.extracting(ServiceInstance::getPort)
					.containsExactly(app.port()));
		}
	}

	@Test
	void doesNotRegisterBeforeItIsReadyWhenItNeverWas(EtcdCluster cluster) {
		try (App app = App.of(cluster, "unready")
			.set("etcd.discovery.port", "9090")
			.with(StopsAndStartsBeforeItIsReady.class)
			.start()) {
			assertThat(app.bean(StopsAndStartsBeforeItIsReady.class).looked).isTrue();

			Moments.soon().until(() -> count("services/unready/") == 1);
		}
	}

	@Test
	void campaignsAgain(EtcdCluster cluster) {
		try (App app = App.of(cluster, "again").with(Job.class).start()) {
			LeaderElections elections = app.bean(LeaderElections.class);
			Moments.soon().until(() -> elections.isLeader(Job.ROLE));
			long token = elections.leadership(Job.ROLE).orElseThrow().fencingToken();

			app.context().stop();
			assertThat(elections.isLeader(Job.ROLE)).isFalse();
			assertThat(count("leaders/again/")).isZero();
			app.context().start();

			Moments.soon().until(() -> elections.isLeader(Job.ROLE));
			assertThat(elections.leadership(Job.ROLE).orElseThrow().fencingToken()).isGreaterThan(token);
			Moments.soon().until(() -> elections.leader(Job.ROLE).isPresent());
		}
		assertThat(count("leaders/again/")).isZero();
	}

	@Test
	void followsConfigurationAgain(EtcdCluster cluster) {
		this.client.kv().put("config/again/demo.text", "old");
		try (App app = App.of(cluster, "again").importing("etcd:").with(Settings.class).start()) {
			app.context().stop();
			this.client.kv().put("config/again/demo.text", "while it was stopped");
			app.context().start();
			Moments.soon().until(() -> app.bean(Settings.Scoped.class).text().equals("while it was stopped"));

			this.client.kv().put("config/again/demo.text", "new");

			Moments.soon().until(() -> app.bean(Settings.Scoped.class).text().equals("new"));
			Moments.soon().until(() -> app.events().count(EtcdConfigChangedEvent.class) == 2);
		}
	}

	@Test
	void keepsLocks(EtcdCluster cluster) {
		try (App app = App.of(cluster, "again").start()) {
			app.context().stop();
			app.context().start();

			assertThat(app.bean(EtcdLocks.class).get("any").tryLock()).isTrue();
		}
	}

	private int count(String prefix) {
		return count(this.client, prefix);
	}

	private static int count(EtcdClient client, String prefix) {
		return client.kv().get(KeyRange.prefix(prefix)).kvs().size();
	}

	/** Runs before the application is ready, and fails its start if it is registered. */
	static class StopsAndStartsBeforeItIsReady implements ApplicationRunner {

		private final ConfigurableApplicationContext context;

		private final EtcdClient client;

		private volatile boolean looked;

		StopsAndStartsBeforeItIsReady(ConfigurableApplicationContext context, EtcdClient client) {
			this.context = context;
			this.client = client;
		}

		@Override
		public void run(ApplicationArguments arguments) {
			this.context.stop();
			this.context.start();
			Moments.throughout(Duration.ofMillis(500)).holds(() -> {
				this.looked = true;
				return count(this.client, "services/unready/") == 0;
			});
		}

	}

}
