/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.core;

import java.time.Duration;

import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.boot.test.cluster.EtcdCluster;
import io.github.etcdspring.boot.test.cluster.EtcdClusterExtension;
import io.github.etcdspring.cache.RangeCache;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.it.core.history.RecordingListener;
import io.github.etcdspring.kv.PutRequest;
import io.github.etcdspring.watch.Watch;
import io.github.etcdspring.watch.WatchRequest;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A client that accepts the least it may, at a server that stores more: whole ranges and
 * single events that do not fit into one answer.
 */
class RangeCacheSizeIntegrationTests {

	private static final int MEBI = 1024 * 1024;

	private static final Duration SOON = Duration.ofSeconds(15);

	@RegisterExtension
	static final EtcdClusterExtension etcd = EtcdClusterExtension
		.of(EtcdCluster.builder().serverArguments("--max-request-bytes=" + 8 * MEBI));

	private final KeySpace keys = KeySpace.unique();

	private final CacheMirror mirror = new CacheMirror();

	@AutoClose
	private final EtcdClient writer = EtcdClients.connect(etcd.cluster());

	@AutoClose
	private final EtcdClient client = EtcdClients.connect(etcd.cluster().endpoints(),
			(options) -> options.maxInboundMessageSize(4 * MEBI));

	private long put(String key, int size) {
		return this.writer.kv().put(PutRequest.of(this.keys.key(key), ByteSequence.copyOf(new byte[size]))).revision();
	}

	private RangeCache open() {
		RangeCache cache = RangeCache.open(this.client, this.keys.range(), this.mirror);
		assertThat(cache.ready()).succeedsWithin(SOON);
		return cache;
	}

	@Test
	void readsRangeThatIsLargerThanAnAnswer() {
		for (int i = 0; i < 10; i++) {
			put("k" + i, MEBI);
		}
		try (RangeCache cache = open()) {
			assertThat(cache.snapshot().size()).isEqualTo(10);
			this.mirror.assertEqual(cache, this.writer, this.keys.range());
		}
	}

	@Test
	void deliversLargestEventOfServerWithDefaultLimits() {
		int largest = MEBI * 3 / 2 - 100;
		long start = put("k", largest);
		RecordingListener listener = new RecordingListener();
		try (Watch watch = this.client.watch()
			.open(WatchRequest.of(this.keys.range()).withPrevious().from(start + 1), listener)) {
			put("k", largest);

			await().atMost(SOON).until(() -> listener.events().size() == 1);
			assertThat(watch.isOpen()).isTrue();
		}
		assertThat(listener.events().get(0).previous().orElseThrow().value().size()).isEqualTo(largest);
		assertThat(listener.disconnections()).isZero();
	}

	@Test
	void deliversEventThatIsLargerThanAnAnswerMayBe() {
		long start = put("k", 1);
		RecordingListener listener = new RecordingListener();
		try (Watch watch = this.client.watch().open(WatchRequest.of(this.keys.range()).from(start + 1), listener)) {
			long large = put("k", 5 * MEBI);

			listener.awaitRevision(large, SOON);
			assertThat(watch.isOpen()).isTrue();
		}
		assertThat(listener.disconnections()).isZero();
	}

}
