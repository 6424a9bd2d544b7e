/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.docs;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.boot.test.cluster.EtcdClusterExtension;
import io.github.etcdspring.cache.RangeCache;
import io.github.etcdspring.cache.RangeSnapshot;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.it.core.EtcdClients;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Runs {@link CachesGuide}.
 */
class CachesGuideIntegrationTests {

	@RegisterExtension
	static final EtcdClusterExtension etcd = EtcdClusterExtension.members(1);

	@AutoClose
	private final EtcdClient client = EtcdClients.connect(etcd.cluster());

	@Test
	void seesWhatWasWritten() {
		try (RangeCache cache = CachesGuide.open(this.client)) {
			RangeSnapshot seen = CachesGuide.writeAndSee(this.client, cache);

			assertThat(seen.get(ByteSequence.of("routes/a"))).isPresent();
			assertThat(CachesGuide.target(cache, "a")).contains(ByteSequence.of("10.0.0.1"));
			this.client.kv().put("routes/b", "10.0.0.2");
			assertThat(CachesGuide.exactSize(cache)).isEqualTo(2);
		}
	}

	@Test
	void keepsACopyByItsDifferences() {
		Map<ByteSequence, ByteSequence> copy = new ConcurrentHashMap<>();
		this.client.kv().put("routes/c", "10.0.0.3");
		try (RangeCache cache = CachesGuide.follow(this.client, copy)) {
			await().until(() -> copy.containsKey(ByteSequence.of("routes/c")));

			cache.awaitRevision(this.client.kv().delete("routes/c").revision());

			await().until(() -> !copy.containsKey(ByteSequence.of("routes/c")));
		}
	}

}
