/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.samples.quickstart;

import java.time.Duration;

import io.github.etcdspring.boot.test.cluster.EtcdCluster;
import io.github.etcdspring.boot.test.cluster.EtcdClusterExtension;
import io.github.etcdspring.boot.test.cluster.EtcdctlProcess;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Who runs the job.
 */
class LeaderIntegrationTests {

	@RegisterExtension
	static final EtcdClusterExtension etcd = EtcdClusterExtension.members(3);

	/** The sample's, see application.yml. */
	private static final Duration TTL = Duration.ofSeconds(5);

	@Test
	void leadsOnExactlyOneInstanceWhichEtcdctlShowsToo(EtcdCluster cluster) {
		try (RunningQuickstart one = RunningQuickstart.start(cluster);
				RunningQuickstart two = RunningQuickstart.start(cluster);
				EtcdctlProcess observer = cluster.startEtcdctl("elect", "-l", "leaders/quickstart/report")) {
			Awaitility.await().until(() -> leads(one) != leads(two));
			String leader = leads(one) ? one.id() : two.id();

			Awaitility.await().until(() -> leaderId(one).equals(leader) && leaderId(two).equals(leader));
			assertThat(one.leader().path("role").asString()).isEqualTo("report");
			observer.awaitOutput(leader, Duration.ofSeconds(5));
		}
	}

	@Test
	void runsTheJobOnceASecond(EtcdCluster cluster) {
		try (RunningQuickstart one = RunningQuickstart.start(cluster)) {
			Awaitility.await().until(() -> leads(one));
			long before = runs(one);

			Awaitility.await().atMost(Duration.ofSeconds(6)).until(() -> runs(one) >= before + 3);
		}
	}

	@Test
	void handsOverWithinTtlAndTwoSecondsWhenTheLeaderIsKilled(EtcdCluster cluster) {
		try (RunningQuickstart one = RunningQuickstart.start(cluster);
				RunningQuickstart two = RunningQuickstart.start(cluster)) {
			Awaitility.await().until(() -> leads(one) != leads(two));
			RunningQuickstart leader = leads(one) ? one : two;
			RunningQuickstart follower = leads(one) ? two : one;
			long token = token(leader);

			leader.kill();

			Awaitility.await().atMost(TTL.plusSeconds(2)).until(() -> leads(follower));
			assertThat(token(follower)).isGreaterThan(token);
			long runs = runs(follower);
			Awaitility.await().atMost(Duration.ofSeconds(5)).until(() -> runs(follower) > runs);
		}
	}

	@Test
	void handsOverWithinASecondWhenTheLeaderIsTerminated(EtcdCluster cluster) {
		try (RunningQuickstart one = RunningQuickstart.start(cluster);
				RunningQuickstart two = RunningQuickstart.start(cluster)) {
			Awaitility.await().until(() -> leads(one) != leads(two));
			RunningQuickstart leader = leads(one) ? one : two;
			RunningQuickstart follower = leads(one) ? two : one;
			long token = token(leader);

			leader.terminate();

			Awaitility.await()
				.pollInterval(Duration.ofMillis(20))
				.atMost(Duration.ofSeconds(1))
				.until(() -> leads(follower));
			assertThat(token(follower)).isGreaterThan(token);
		}
	}

	private static boolean leads(RunningQuickstart quickstart) {
		return quickstart.leader().path("leader").asBoolean();
	}

	private static String leaderId(RunningQuickstart quickstart) {
		return quickstart.leader().path("leaderId").asString();
	}

	private static long token(RunningQuickstart quickstart) {
		return quickstart.leader().path("fencingToken").asLong();
	}

	private static long runs(RunningQuickstart quickstart) {
		return quickstart.leader().path("runs").asLong();
	}

}
