/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.samples.quickstart;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

import io.github.etcdspring.KeyRange;
import io.github.etcdspring.boot.test.cluster.EtcdCluster;
import io.github.etcdspring.boot.test.cluster.EtcdClusterExtension;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.client.EtcdClientOptions;
import io.github.etcdspring.watch.Watch;
import io.github.etcdspring.watch.WatchEvent;
import io.github.etcdspring.watch.WatchRequest;
import org.awaitility.Awaitility;
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
	void dropsTerminatedInstanceBeforeItsPortCloses(EtcdCluster cluster) throws InterruptedException {
		try (RunningQuickstart one = RunningQuickstart.start(cluster);
				RunningQuickstart two = RunningQuickstart.start(cluster);
				EtcdClient client = EtcdClient.create(EtcdClientOptions.builder(cluster.endpoints()).build())) {
			AtomicLong goneAt = new AtomicLong();
			KeyRange key = KeyRange.key("services/quickstart/" + two.id());
			Watch watch = client.watch().open(WatchRequest.of(key), (events) -> {
				if (events.stream().anyMatch(WatchEvent.Delete.class::isInstance)) {
					goneAt.compareAndSet(0, System.nanoTime());
				}
			});

			two.terminate();
			long closedAt = awaitPortClosed(two);

			assertThat(goneAt.get()).isNotZero();
			assertThat(closedAt - goneAt.get()).as("nanoseconds from the end of the registration to that of the port")
				.isPositive();
			assertThat(two.awaitExit(Duration.ofSeconds(20))).isEqualTo(143);
			assertThat(one.instanceIds()).containsExactly(one.id());
			watch.close();
		}
	}

	private static long awaitPortClosed(RunningQuickstart quickstart) {
		long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
		while (quickstart.acceptsConnections()) {
			assertThat(System.nanoTime()).as("port still open").isLessThan(deadline);
		}
		return System.nanoTime();
	}

}
