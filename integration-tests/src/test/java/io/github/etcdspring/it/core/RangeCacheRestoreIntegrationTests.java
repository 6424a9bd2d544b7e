/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.core;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

import io.github.etcdspring.boot.test.cluster.EtcdCluster;
import io.github.etcdspring.cache.RangeCache;
import io.github.etcdspring.cache.RangeSnapshot;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.kv.DeleteRequest;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A cache whose cluster is put back to a backup is what the cluster is then (P3).
 */
@EachVersion
class RangeCacheRestoreIntegrationTests {

	private static final Duration SOON = Duration.ofSeconds(20);

	private final KeySpace keys = KeySpace.unique();

	private final CacheMirror mirror = new CacheMirror();

	@AutoClose
	private final EtcdCluster cluster;

	@AutoClose
	private final EtcdClient writer;

	@AutoClose
	private final EtcdClient client;

	RangeCacheRestoreIntegrationTests(String version) {
		this.cluster = EtcdCluster.builder().version(version).start();
		this.writer = EtcdClients.connect(this.cluster);
		this.client = EtcdClients.connect(this.cluster);
	}

	private long put(int key, String value) {
		return this.writer.kv().put(this.keys.name("k" + key), value).revision();
	}

	/** How often a listener was told of a snapshot older than the one before. */
	private long resets() {
		List<RangeSnapshot> told = this.mirror.told();
		return IntStream.range(1, told.size())
			.filter((i) -> told.get(i).revision() < told.get(i - 1).revision())
			.count();
	}

	@Test
	void w9EqualsItsServerAndTellsOneResetWhenTheClusterIsRestoredToALowerRevision() {
		IntStream.range(0, 20).forEach((i) -> put(i, "backed up"));
		ClusterBackup backup = ClusterBackup.of(this.cluster);
		try (RangeCache cache = RangeCache.open(this.client, this.keys.range(), this.mirror)) {
			IntStream.range(10, 30).forEach((i) -> put(i, "lost"));
			long deleted = this.writer.kv().delete(DeleteRequest.of(this.keys.only("k0"))).revision();
			this.mirror.awaitRevision(deleted);
			// what a read confirms is ahead of the watch
			this.writer.kv().put(KeySpace.unique().name("elsewhere"), "");
			assertThat(cache.read().revision()).isGreaterThan(deleted);

			backup.restore();

			await().atMost(SOON).until(() -> resets() == 1);
			long after = put(5, "after");
			assertThat(after).isLessThan(deleted);
			await().atMost(SOON).until(() -> cache.snapshot().revision() >= after);
			this.mirror.awaitRevision(after);
			this.mirror.assertEqual(cache, this.writer, this.keys.range());
			assertThat(cache.snapshot().size()).isEqualTo(20);
			assertThat(cache.read().get(this.keys.key("k5")).orElseThrow().value().toUtf8()).isEqualTo("after");
			assertThat(cache.read().get(this.keys.key("k10")).orElseThrow().value().toUtf8()).isEqualTo("backed up");
			assertThat(resets()).isEqualTo(1);
			assertThat(cache.disconnectedFor()).isEmpty();
		}
	}

}
