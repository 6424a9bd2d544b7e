/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.spring;

import java.util.Objects;

import io.github.etcdspring.boot.leader.LeaderElections;
import io.github.etcdspring.boot.lock.EtcdLocks;
import io.github.etcdspring.boot.test.cluster.EtcdCluster;
import io.github.etcdspring.boot.test.cluster.EtcdClusterExtension;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.cloud.client.discovery.DiscoveryClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Applications on a cluster that asks who they are.
 */
@ExtendWith(OutputCaptureExtension.class)
class PermissionsIntegrationTests {

	private static final String CANARY = "S3CR3T-canary";

	@RegisterExtension
	static final EtcdClusterExtension etcd = EtcdClusterExtension
		.of(EtcdCluster.builder().serverArguments("--bcrypt-cost=4", "--auth-token-ttl=3"));

	@BeforeAll
	static void enableAuthentication() {
		EtcdCluster cluster = etcd.cluster();
		cluster.etcdctl("put", "config/allowed/demo.text", "old");
		cluster.etcdctl("user", "add", "root:rootpw");
		cluster.etcdctl("user", "grant-role", "root", "root");
		addUser(cluster, "app", "read config/application", "read config/allowed", "readwrite services/allowed/",
				"read services/", "readwrite locks/", "readwrite leaders/allowed/");
		addUser(cluster, "nobody");
		cluster.etcdctl("auth", "enable");
	}

	private static void addUser(EtcdCluster cluster, String name, String... permissions) {
		cluster.etcdctl("user", "add", name + ":" + CANARY);
		cluster.etcdctl("role", "add", name + "-role");
		cluster.etcdctl("user", "grant-role", name, name + "-role");
		for (String permission : permissions) {
			int space = permission.indexOf(' ');
			cluster.etcdctl("role", "grant-permission", name + "-role", "--prefix=true", permission.substring(0, space),
					permission.substring(space + 1));
		}
	}

	@Test
	void s20DoesEverythingWithThePermissionsOfTheRecipe(EtcdCluster cluster, CapturedOutput output) {
		try (App app = app(cluster, "allowed", "app").importing("etcd:")
			.set("etcd.discovery.port", "9090")
			.with(Settings.class, Job.class)
			.start()) {
			assertThat(app.bean(Settings.class).text()).isEqualTo("old");
			Moments.soon().until(() -> app.bean(LeaderElections.class).isLeader(Job.ROLE));
			Moments.soon().until(() -> !app.bean(Job.class).runs().isEmpty());
			Moments.soon().until(() -> app.bean(DiscoveryClient.class).getInstances("allowed").size() == 1);
			assertThat(app.bean(EtcdLocks.class).get("any").tryLock()).isTrue();

			cluster.etcdctl("--user=root:rootpw", "put", "config/allowed/demo.text", "new");

			Moments.soon().until(() -> app.bean(Settings.Scoped.class).text().equals("new"));
		}
		assertThat(output).doesNotContain(CANARY);
	}

	@Test
	void isHealthyWithoutPermissionForAnything(EtcdCluster cluster, CapturedOutput output) {
		try (App app = app(cluster, "nobody", "nobody").start()) {
			Moments.soon().until(() -> health(app).getStatus().equals(Status.UP));

			assertThat(app.bean(DiscoveryClient.class).getInstances("allowed")).isEmpty();
		}
		assertThat(output).doesNotContain(CANARY);
	}

	@Test
	void isDownWithoutCredentials(EtcdCluster cluster) {
		try (App app = App.of(cluster, "anonymous").set("etcd.request-timeout", "1s").start()) {
			assertThat(health(app).getStatus()).isEqualTo(Status.DOWN);
		}
	}

	private static Health health(App app) {
		return Objects.requireNonNull(app.context().getBean("etcdHealthIndicator", HealthIndicator.class).health(true));
	}

	private static App.Builder app(EtcdCluster cluster, String name, String user) {
		return App.of(cluster, name)
			.set("etcd.username", user)
			.set("etcd.password", CANARY)
			.set("etcd.request-timeout", "2s")
			.set("logging.level.io.github.etcdspring", "trace");
	}

}
