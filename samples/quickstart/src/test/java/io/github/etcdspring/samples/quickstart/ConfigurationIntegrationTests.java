/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.samples.quickstart;

import java.time.Duration;

import io.github.etcdspring.boot.test.cluster.EtcdCluster;
import io.github.etcdspring.boot.test.cluster.EtcdClusterExtension;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The greeting follows etcd.
 */
class ConfigurationIntegrationTests {

	@RegisterExtension
	static final EtcdClusterExtension etcd = EtcdClusterExtension.members(3);

	private static final String KEY = "config/quickstart/demo.greeting";

	private static final String REFRESHED = "changed [demo.greeting]";

	@Test
	void showsValueAndDefaultWithinASecondWithOneRefreshEach(EtcdCluster cluster) {
		try (RunningQuickstart quickstart = RunningQuickstart.start(cluster)) {
			assertThat(quickstart.greeting()).isEqualTo("Hello");

			cluster.etcdctl("put", KEY, "Hi");
			Awaitility.await().atMost(Duration.ofSeconds(1)).until(quickstart::greeting, "Hi"::equals);
			assertRefreshes(quickstart, 1);

			cluster.etcdctl("del", KEY);
			Awaitility.await().atMost(Duration.ofSeconds(1)).until(quickstart::greeting, "Hello"::equals);
			assertRefreshes(quickstart, 2);
			assertThat(quickstart.isAlive()).isTrue();
		}
	}

	@Test
	void importsFourContextsOfWhichAProfilesWinsOverOneWithout(EtcdCluster cluster) {
		cluster.etcdctl("put", "config/application/demo.greeting", "shared");
		cluster.etcdctl("put", "config/application,blue/demo.greeting", "shared blue");
		cluster.etcdctl("put", KEY, "own");
		cluster.etcdctl("put", "config/quickstart,blue/demo.greeting", "own blue");

		try (RunningQuickstart quickstart = RunningQuickstart.start(cluster, "--spring.profiles.active=blue")) {
			assertThat(quickstart.greeting()).isEqualTo("own blue");
			cluster.etcdctl("del", "config/quickstart,blue/demo.greeting");
			Awaitility.await().atMost(Duration.ofSeconds(2)).until(quickstart::greeting, "shared blue"::equals);
			cluster.etcdctl("del", "config/application,blue/demo.greeting");
			Awaitility.await().atMost(Duration.ofSeconds(2)).until(quickstart::greeting, "own"::equals);
			cluster.etcdctl("del", KEY);
			Awaitility.await().atMost(Duration.ofSeconds(2)).until(quickstart::greeting, "shared"::equals);
		}
		finally {
			cluster.etcdctl("del", "--prefix", "config/");
		}
	}

	/** A refresh shows before it is logged, and one too many may come late. */
	private static void assertRefreshes(RunningQuickstart quickstart, long number) {
		Awaitility.await().atMost(Duration.ofSeconds(1)).until(() -> refreshes(quickstart) == number);
		Throughout.holds(Duration.ofMillis(500), number + " refreshes", () -> refreshes(quickstart) == number);
	}

	private static long refreshes(RunningQuickstart quickstart) {
		return quickstart.output().lines().filter((line) -> line.contains(REFRESHED)).count();
	}

}
