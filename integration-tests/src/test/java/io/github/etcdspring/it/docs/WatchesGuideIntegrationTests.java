/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.docs;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Flow;

import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.EtcdClosedException;
import io.github.etcdspring.KeyRange;
import io.github.etcdspring.boot.test.cluster.EtcdClusterExtension;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.it.core.EtcdClients;
import io.github.etcdspring.it.core.history.RecordingListener;
import io.github.etcdspring.kv.DeleteRequest;
import io.github.etcdspring.kv.RangeResult;
import io.github.etcdspring.watch.Watch;
import io.github.etcdspring.watch.WatchBatch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Runs the snippets of {@link WatchesGuide}.
 */
class WatchesGuideIntegrationTests {

	@RegisterExtension
	static final EtcdClusterExtension etcd = EtcdClusterExtension.members(1);

	@AutoClose
	private final EtcdClient client = EtcdClients.connect(etcd.cluster());

	@BeforeEach
	void forget() {
		this.client.kv().delete(DeleteRequest.of(KeyRange.prefix("orders/")));
	}

	@Test
	void followsFromNow() {
		List<String> changes = new CopyOnWriteArrayList<>();

		try (Watch watch = WatchesGuide.follow(this.client, changes)) {
			this.client.kv().put("orders/1", "new");
			this.client.kv().delete("orders/1");

			await().until(() -> changes.equals(List.of("+orders/1", "-orders/1")));
			WatchesGuide.awaitCaughtUp(this.client, watch);
			assertThat(watch.isOpen()).isTrue();
		}
	}

	@Test
	void followsWhatWasRead() {
		RangeResult read = this.client.kv().get(KeyRange.prefix("orders/"));
		long written = this.client.kv().put("orders/1", "new").revision();
		RecordingListener listener = new RecordingListener();

		try (Watch watch = WatchesGuide.followFrom(this.client, read, listener)) {
			listener.awaitRevision(written, Duration.ofSeconds(10));
			assertThat(watch.isOpen()).isTrue();
		}
	}

	@Test
	void handsOverToASubscriber() {
		Collector collector = new Collector();

		WatchesGuide.subscribe(this.client, collector);
		await().until(() -> {
			this.client.kv().put("orders/1", "new");
			return !collector.batches.isEmpty();
		});

		this.client.close();
		assertThat(collector.failure).succeedsWithin(Duration.ofSeconds(10)).isInstanceOf(EtcdClosedException.class);
	}

	@Test
	void waitsForAChange() {
		assertThat(WatchesGuide.nextChange(this.client, Duration.ofMillis(50))).isEmpty();
		CompletableFuture<WatchBatch> next = CompletableFuture
			.supplyAsync(() -> WatchesGuide.nextChange(this.client, Duration.ofSeconds(10)).orElseThrow());

		await().until(() -> {
			this.client.kv().put("orders/1", "new");
			return next.isDone();
		});

		assertThat(next.join()).isInstanceOf(WatchBatch.Events.class);
	}

	@Test
	void mirrorsARange() {
		Map<ByteSequence, ByteSequence> copy = new ConcurrentHashMap<>();

		try (Watch watch = WatchesGuide.mirror(this.client, copy)) {
			this.client.kv().put("orders/1", "new");
			this.client.kv().put("orders/2", "new");
			this.client.kv().delete("orders/1");

			await().until(() -> copy.equals(Map.of(ByteSequence.of("orders/2"), ByteSequence.of("new"))));
			assertThat(watch.isOpen()).isTrue();
		}
	}

	/** Takes all there is. */
	private static final class Collector implements Flow.Subscriber<WatchBatch> {

		private final List<WatchBatch> batches = new CopyOnWriteArrayList<>();

		private final CompletableFuture<Throwable> failure = new CompletableFuture<>();

		@Override
		public void onSubscribe(Flow.Subscription subscription) {
			subscription.request(Long.MAX_VALUE);
		}

		@Override
		public void onNext(WatchBatch batch) {
			this.batches.add(batch);
		}

		@Override
		public void onError(Throwable failure) {
			this.failure.complete(failure);
		}

		@Override
		public void onComplete() {
			this.failure.completeExceptionally(new IllegalStateException("a watch does not complete"));
		}

	}

}
