/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.docs;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import io.github.etcdspring.EtcdError;
import io.github.etcdspring.EtcdRequestException;
import io.github.etcdspring.MemberId;
import io.github.etcdspring.boot.test.cluster.EtcdCluster;
import io.github.etcdspring.boot.test.cluster.EtcdClusterExtension;
import io.github.etcdspring.boot.test.cluster.EtcdMember;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.cluster.Member;
import io.github.etcdspring.it.core.EtcdClients;
import io.github.etcdspring.maintenance.MemberStatus;
import io.github.etcdspring.maintenance.SavedSnapshot;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Runs {@link ClusterAndMaintenanceGuide}.
 */
class ClusterAndMaintenanceGuideIntegrationTests {

	@RegisterExtension
	static final EtcdClusterExtension etcd = EtcdClusterExtension
		.of(EtcdCluster.builder().members(3).serverArguments("--strict-reconfig-check=false"));

	private final List<String> endpoints = etcd.cluster().endpoints();

	@AutoClose
	private final EtcdClient client = EtcdClients.connect(etcd.cluster());

	@Test
	void listsMembers() {
		assertThat(ClusterAndMaintenanceGuide.memberNames(this.client))
			.containsExactlyInAnyOrderElementsOf(etcd.cluster().members().stream().map(EtcdMember::name).toList());
	}

	@Test
	void addsALearnerThatIsNotReady() {
		Member learner = ClusterAndMaintenanceGuide.addLearner(this.client, "http://127.0.0.1:1");

		assertThat(learner.learner()).isTrue();
		assertThatExceptionOfType(EtcdRequestException.class)
			.isThrownBy(() -> ClusterAndMaintenanceGuide.promote(this.client, learner.id()))
			.satisfies((failure) -> assertThat(failure.error()).contains(EtcdError.LEARNER_NOT_READY));
		this.client.cluster().remove(learner.id());
	}

	@Test
	void movesLeadership() {
		MemberId follower = this.endpoints.stream()
			.map((endpoint) -> this.client.maintenance().status(endpoint))
			.filter((status) -> !status.isLeader())
			.map(MemberStatus::member)
			.findFirst()
			.orElseThrow();

		ClusterAndMaintenanceGuide.lead(this.client, follower);

		await().atMost(Duration.ofSeconds(10))
			.untilAsserted(() -> assertThat(ClusterAndMaintenanceGuide.leader(this.client, this.endpoints))
				.contains(follower));
	}

	@Test
	void defragmentsAndCompares() {
		long revision = this.client.kv().put("k", "v").revision();

		ClusterAndMaintenanceGuide.defragment(this.client, this.endpoints);

		await().atMost(Duration.ofSeconds(10))
			.until(() -> this.endpoints.stream()
				.allMatch((endpoint) -> this.client.maintenance().status(endpoint).header().revision() >= revision));
		assertThat(
				ClusterAndMaintenanceGuide.isSame(this.client, revision, this.endpoints.get(0), this.endpoints.get(1)))
			.isTrue();
	}

	@Test
	void savesASnapshot(@TempDir Path folder) {
		SavedSnapshot saved = ClusterAndMaintenanceGuide.backUp(this.client, folder.resolve("etcd.db"));

		assertThat(saved.file()).hasSize(saved.size());
		assertThat(saved.sha256()).hasSize(64);
	}

	@Test
	void tellsTheVersionOfTheCluster() {
		String[] version = etcd.cluster().version().split("\\.", 3);
		int minor = Integer.parseInt(version[1]);

		assertThat(ClusterAndMaintenanceGuide.clusterVersion(this.client, "3." + (minor - 1)))
			.isEqualTo((minor < 5) ? "older than 3.5" : "3." + minor + ".0");
	}

}
