/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.docs;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

import io.github.etcdspring.EtcdUnsupportedException;
import io.github.etcdspring.MemberId;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.cluster.Member;
import io.github.etcdspring.cluster.MemberAddRequest;
import io.github.etcdspring.maintenance.MemberStatus;
import io.github.etcdspring.maintenance.SavedSnapshot;

/**
 * The snippets of {@code docs/client/cluster-and-maintenance.md}.
 */
final class ClusterAndMaintenanceGuide {

	private ClusterAndMaintenanceGuide() {
	}

	static List<String> memberNames(EtcdClient client) {
		return client.cluster().list().members().stream().map(Member::name).toList();
	}

	static Member addLearner(EtcdClient client, String peerUrl) {
		return client.cluster().add(MemberAddRequest.of(peerUrl).asLearner()).member();
	}

	static boolean promote(EtcdClient client, MemberId learner) {
		return client.cluster().promote(learner).member(learner).filter((member) -> !member.learner()).isPresent();
	}

	static Optional<MemberId> leader(EtcdClient client, List<String> endpoints) {
		return endpoints.stream()
			.map((endpoint) -> client.maintenance().status(endpoint))
			.filter(MemberStatus::isLeader)
			.map(MemberStatus::member)
			.findFirst();
	}

	static void lead(EtcdClient client, MemberId member) {
		client.maintenance().moveLeader(member);
	}

	static void defragment(EtcdClient client, List<String> endpoints) {
		for (String endpoint : endpoints) {
			client.maintenance().defragment(endpoint, Duration.ofMinutes(2));
		}
	}

	static boolean isSame(EtcdClient client, long revision, String first, String second) {
		return client.maintenance().hashKv(first, revision).hash() == client.maintenance()
			.hashKv(second, revision)
			.hash();
	}

	static SavedSnapshot backUp(EtcdClient client, Path file) {
		return client.maintenance().snapshot().saveTo(file);
	}

	static String clusterVersion(EtcdClient client, String downgradeTo) {
		try {
			return client.maintenance().validateDowngrade(downgradeTo).version();
		}
		catch (EtcdUnsupportedException ex) {
			return "older than 3.5";
		}
	}

}
