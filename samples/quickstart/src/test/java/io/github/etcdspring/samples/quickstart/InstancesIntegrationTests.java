/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.samples.quickstart;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import io.github.etcdspring.boot.test.cluster.EtcdCluster;
import io.github.etcdspring.boot.test.cluster.EtcdClusterExtension;
import io.github.etcdspring.boot.test.cluster.EtcdctlProcess;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Who is listed, and for how long.
 */
class InstancesIntegrationTests {

	@RegisterExtension
	static final EtcdClusterExtension etcd = EtcdClusterExtension.members(3);

	/** The sample's, see application.yml. */
	private static final Duration TTL = Duration.ofSeconds(5);

	/** Instances of the test before were killed: they stand for another TTL. */
	@BeforeEach
	void forgetInstances(EtcdCluster cluster) {
		cluster.etcdctl("del", "--prefix", "services/");
	}

	@Test
	void listsBothInstancesOnBoth(EtcdCluster cluster) {
		try (RunningQuickstart one = RunningQuickstart.start(cluster);
				RunningQuickstart two = RunningQuickstart.start(cluster)) {
			for (RunningQuickstart each : List.of(one, two)) {
				Awaitility.await()
					.untilAsserted(() -> assertThat(each.instanceIds()).containsExactlyInAnyOrder(one.id(), two.id()));
			}
			assertThat(cluster.etcdctl("get", "--prefix", "--keys-only", "services/quickstart/").lines())
				.contains("services/quickstart/" + one.id(), "services/quickstart/" + two.id());
		}
	}

	@Test
	void dropsKilledInstanceWithinTtlAndTwoSeconds(EtcdCluster cluster) {
		try (RunningQuickstart one = RunningQuickstart.start(cluster);
				RunningQuickstart two = RunningQuickstart.start(cluster)) {
			Awaitility.await().until(() -> one.instanceIds().contains(two.id()));

			two.kill();

			Awaitility.await()
				.atMost(TTL.plusSeconds(2))
				.untilAsserted(() -> assertThat(one.instanceIds()).containsExactly(one.id()));
		}
	}

	@Test
	void dropsTerminatedInstanceWhileItServesItsLastRequest(EtcdCluster cluster) throws InterruptedException {
		try (RunningQuickstart one = RunningQuickstart.start(cluster);
				RunningQuickstart two = RunningQuickstart.start(cluster)) {
			// Boot takes a request for served before Tomcat has flushed the answer, which
			// takes longest the first time
			long before = two.increment();
			try (EtcdctlProcess holder = cluster.startEtcdctl("lock", "locks/counter")) {
				holder.awaitOutput("locks/counter/", Duration.ofSeconds(5));
				Awaitility.await().until(() -> one.instanceIds().contains(two.id()));
				CompletableFuture<Long> request = CompletableFuture.supplyAsync(two::increment);
				Awaitility.await("the request waits for the lock")
					.until(() -> keys(cluster, "locks/counter/").size() == 2);

				two.terminate();

				Awaitility.await()
					.until(() -> keys(cluster, "services/").equals(List.of("services/quickstart/" + one.id())));
				Awaitility.await().until(() -> one.instanceIds().equals(List.of(one.id())));
				assertThat(request).isNotDone();
				assertThat(two.isAlive()).isTrue();

				holder.interrupt();
				assertThat(request).succeedsWithin(Duration.ofSeconds(10)).isEqualTo(before + 1);
				assertThat(two.awaitExit(Duration.ofSeconds(20))).isEqualTo(143);
			}
		}
	}

	private static List<String> keys(EtcdCluster cluster, String prefix) {
		return cluster.etcdctl("get", "--prefix", "--keys-only", prefix)
			.lines()
			.filter((line) -> !line.isBlank())
			.toList();
	}

}
