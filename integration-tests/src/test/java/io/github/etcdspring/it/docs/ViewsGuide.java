/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.docs;

import java.time.Duration;
import java.util.List;

import io.github.etcdspring.KeyRange;
import io.github.etcdspring.client.ClusterListener;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.client.EtcdClientOptions;
import io.github.etcdspring.client.HistoryReset;
import io.github.etcdspring.kv.RangeRequest;
import io.github.etcdspring.kv.RangeResult;

/**
 * The snippets of {@code docs/client/views.md}.
 */
final class ViewsGuide {

	private ViewsGuide() {
	}

	static RangeResult readQuickly(EtcdClient client, String key) {
		return client.withTimeout(Duration.ofSeconds(2)).withRequireLeader().kv().get(key);
	}

	static void putBelow(EtcdClient client, String prefix, String key, String value) {
		EtcdClient view = client.withNamespace(prefix);
		view.kv().put(key, value);
	}

	static RangeResult readNearby(EtcdClient client, String key) {
		RangeRequest request = RangeRequest.builder(KeyRange.key(key)).serializable().build();
		return client.withOrdering().kv().get(request);
	}

	static EtcdClient connect(List<String> endpoints, long clusterId, Runnable startAnew) {
		return EtcdClient.create(EtcdClientOptions.builder(endpoints)
			.expectedClusterId(clusterId)
			.clusterListener(new ClusterListener() {

				@Override
				public void onHistoryReset(HistoryReset reset) {
					startAnew.run();
				}

			})
			.build());
	}

}
