/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.docs;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.boot.test.cluster.EtcdClusterExtension;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.it.core.EtcdClients;
import io.github.etcdspring.mirror.Mirror;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Runs {@link MirrorGuide}, within one cluster.
 */
class MirrorGuideIntegrationTests {

	private static final Duration SOON = Duration.ofSeconds(10);

	@RegisterExtension
	static final EtcdClusterExtension etcd = EtcdClusterExtension.members(1);

	@AutoClose
	private final EtcdClient client = EtcdClients.connect(etcd.cluster());

	private String copied(String key) {
		return this.client.kv().get("backup/config/" + key).first().map((kv) -> kv.value().toUtf8()).orElse("none");
	}

	@Test
	void copiesAndGoesOnAfterARestart() {
		this.client.kv().put("config/a", "1");
		long reached;
		try (Mirror mirror = MirrorGuide.copy(this.client, this.client)) {
			assertThat(mirror.ready()).succeedsWithin(SOON);
			assertThat(copied("a")).isEqualTo("1");
			reached = mirror.revision();
		}
		this.client.kv().delete("config/a");
		long last = this.client.kv().put("config/b", "2").revision();
		AtomicLong stored = new AtomicLong();

		try (Mirror mirror = MirrorGuide.resume(this.client, this.client, reached, stored::set)) {
			await().atMost(SOON).until(() -> stored.get() == last);

			assertThat(mirror.revision()).isEqualTo(last);
			assertThat(copied("a")).isEqualTo("none");
			assertThat(copied("b")).isEqualTo("2");
		}
	}

	@Test
	void handsTheCopyOver() {
		this.client.kv().put("config/a", "1");
		Map<ByteSequence, ByteSequence> copy = new ConcurrentHashMap<>();

		try (Mirror mirror = MirrorGuide.follow(this.client, copy)) {
			assertThat(mirror.ready()).succeedsWithin(SOON);
			assertThat(copy).containsEntry(ByteSequence.of("config/a"), ByteSequence.of("1"));
			this.client.kv().put("config/c", "3");
			long last = this.client.kv().delete("config/a").header().revision();
			await().atMost(SOON).until(() -> mirror.revision() == last);

			assertThat(copy).containsEntry(ByteSequence.of("config/c"), ByteSequence.of("3"))
				.doesNotContainKey(ByteSequence.of("config/a"));
		}
	}

}
