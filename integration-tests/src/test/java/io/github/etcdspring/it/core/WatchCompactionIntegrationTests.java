/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.core;

import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;

import io.github.etcdspring.CompactedException;
import io.github.etcdspring.boot.test.cluster.EtcdCluster;
import io.github.etcdspring.boot.test.cluster.EtcdClusterExtension;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.it.core.fault.TcpProxy;
import io.github.etcdspring.it.core.history.RecordingListener;
import io.github.etcdspring.kv.CompactRequest;
import io.github.etcdspring.watch.Watch;
import io.github.etcdspring.watch.WatchEvent;
import io.github.etcdspring.watch.WatchRequest;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Watches and compaction (W7): a place that is gone is told, a place that is not needed
 * is not.
 */
class WatchCompactionIntegrationTests {

	private static final Duration SOON = Duration.ofSeconds(10);

	@RegisterExtension
	static final EtcdClusterExtension etcd = EtcdClusterExtension
		.of(EtcdCluster.builder().serverArguments("--experimental-watch-progress-notify-interval=500ms"));

	private final KeySpace keys = KeySpace.unique();

	private final RecordingListener listener = new RecordingListener();

	@AutoClose
	private final EtcdClient client = EtcdClients.connect(etcd.cluster());

	private long put(String value) {
		return this.client.kv().put(this.keys.name("k"), value).revision();
	}

	private CompactedException openAndAwaitEnd(long from) {
		Watch watch = this.client.watch().open(WatchRequest.of(this.keys.range()).from(from), this.listener);
		this.listener.awaitClosed();
		assertThat(watch.isOpen()).isFalse();
		return (CompactedException) this.listener.cause().orElseThrow();
	}

	@Test
	void endsWithLowestLegalRevisionWhenStartIsCompacted() {
		long first = put("1");
		put("2");
		long third = put("3");
		long last = put("4");
		this.client.kv().compact(CompactRequest.of(third));

		CompactedException end = openAndAwaitEnd(first);

		assertThat(end.compactRevision()).isEqualTo(third);
		assertThat(this.listener.calls()).isEmpty();
		RecordingListener again = new RecordingListener();
		this.client.watch().open(WatchRequest.of(this.keys.range()).from(end.compactRevision()), again);
		again.awaitRevision(last, SOON);
		assertThat(again.events()).extracting(WatchEvent::revision).containsExactly(third, last);
	}

	@Test
	void goesOnWhenItIsNotBehindTheCompaction() {
		put("1");
		this.client.watch().open(WatchRequest.of(this.keys.range()), this.listener);
		long second = put("2");
		this.listener.awaitRevision(second, SOON);

		this.client.kv().compact(CompactRequest.of(second));
		long third = put("3");

		this.listener.awaitRevision(third, SOON);
		assertThat(this.listener.isClosed()).isFalse();
	}

	@Test
	void endsWhenItsPlaceWasCompactedWhileDisconnected() {
		try (TcpProxy proxy = TcpProxy.to(etcd.cluster().member(0).clientPort());
				EtcdClient follower = EtcdClients.connect(List.of(proxy.endpoint()), UnaryOperator.identity())) {
			put("1");
			follower.watch().open(WatchRequest.of(this.keys.range()), this.listener);
			this.listener.awaitRevision(put("2"), SOON);
			proxy.cut();
			put("3");
			long compacted = put("4");
			this.client.kv().compact(CompactRequest.of(compacted));

			proxy.restore();
			this.listener.awaitClosed();

			assertThat(this.listener.cause())
				.hasValueSatisfying((cause) -> assertThat(cause).isInstanceOfSatisfying(CompactedException.class,
						(end) -> assertThat(end.compactRevision()).isEqualTo(compacted)));
			assertThat(this.listener.events()).hasSize(1);
		}
	}

	@Test
	void tellsProgressWhenNothingHappens() {
		// W6: no event up to it is missing
		this.client.watch().open(WatchRequest.of(this.keys.only("quiet")), this.listener);
		long revision = put("1");

		await().atMost(SOON).until(() -> this.listener.progress() >= revision);

		assertThat(this.listener.calls()).isEmpty();
	}

	@Test
	void survivesCompactionAndReconnectWhenNothingHappenedInItsRange() {
		this.client.watch().open(WatchRequest.of(this.keys.only("quiet")), this.listener);
		long revision = 0;
		for (int i = 0; i < 10; i++) {
			revision = put("" + i);
		}
		long last = revision;
		await().atMost(SOON).until(() -> this.listener.progress() >= last);

		this.client.kv().compact(CompactRequest.of(last));
		etcd.cluster().restart();
		await().atMost(SOON).until(() -> this.listener.resumptions() == 1);
		long told = this.client.kv().put(this.keys.name("quiet"), "1").revision();

		this.listener.awaitRevision(told, SOON);
		assertThat(this.listener.isClosed()).isFalse();
	}

}
