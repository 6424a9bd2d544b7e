/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.spring;

import java.time.Duration;
import java.util.List;

import io.github.etcdspring.boot.leader.Leader;
import io.github.etcdspring.boot.leader.LeaderElections;
import io.github.etcdspring.boot.test.cluster.EtcdCluster;
import io.github.etcdspring.boot.test.cluster.EtcdClusterExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * How long roles hold up a shutdown.
 */
class LeaderShutdownIntegrationTests {

	@RegisterExtension
	static final EtcdClusterExtension etcd = EtcdClusterExtension.members(1);

	@Test
	void r4WaitsForAllRolesAtOnceWhenEtcdIsPaused(EtcdCluster cluster) {
		App app = App.of(cluster, "many").with(ManyRoles.class).start();
		LeaderElections elections = app.bean(LeaderElections.class);
		Moments.soon().until(() -> List.of("a", "b", "c").stream().allMatch(elections::isLeader));
		cluster.member(0).pause();

		Duration took = Moments.timed(app::close);

		System.out.println("close of a leader of three roles while etcd is paused: " + took.toMillis() + " ms");
		assertThat(took).isLessThan(Duration.ofSeconds(4));
		assertThat(elections.isLeader("a")).isFalse();
	}

	static class ManyRoles {

		@Leader("a")
		void a() {
		}

		@Leader("b")
		void b() {
		}

		@Leader("c")
		void c() {
		}

	}

}
