/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.core;

import java.util.Optional;

import io.github.etcdspring.boot.test.cluster.EtcdCluster;
import io.github.etcdspring.boot.test.cluster.EtcdMember;

import static org.awaitility.Awaitility.await;

/**
 * Finds the member that serves a cluster's watches: by the servers' metrics, since the
 * client tells nobody.
 */
final class WatchedMember {

	private WatchedMember() {
	}

	/**
	 * {@return the member that has watchers, waiting for one}
	 * @param cluster a cluster whose watches are all of one client
	 */
	static EtcdMember of(EtcdCluster cluster) {
		return await().until(() -> find(cluster), Optional::isPresent).orElseThrow();
	}

	private static Optional<EtcdMember> find(EtcdCluster cluster) {
		return cluster.members()
			.stream()
			.filter((member) -> ServerMetrics.sum(member, "etcd_debugging_mvcc_watcher_total", "") > 0)
			.findFirst();
	}

}
