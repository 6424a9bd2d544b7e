/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.core;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;

import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.KeyRange;
import io.github.etcdspring.KeyValue;
import io.github.etcdspring.boot.test.cluster.EtcdClusterExtension;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.it.core.fault.TcpProxy;
import io.github.etcdspring.kv.DeleteRequest;
import io.github.etcdspring.kv.PutRequest;
import io.github.etcdspring.kv.RangeRequest;
import io.github.etcdspring.kv.TxnOperation;
import io.github.etcdspring.mirror.Mirror;
import io.github.etcdspring.mirror.MirrorConsumer;
import io.github.etcdspring.mirror.MirrorRequest;
import io.github.etcdspring.watch.WatchEvent;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A consumer of a mirror sees every revision once, in order, also over cut connections.
 */
class MirrorConsumerIntegrationTests {

	private static final Duration SOON = Duration.ofSeconds(30);

	private static final long SEED = Long.getLong("it.seed", 20261126);

	@RegisterExtension
	static final EtcdClusterExtension etcd = EtcdClusterExtension.members(1);

	private final KeySpace keys = KeySpace.unique();

	private final Random random = new Random(SEED);

	private final Copy copy = new Copy();

	@AutoClose
	private final TcpProxy proxy = TcpProxy.to(etcd.cluster().member(0).clientPort());

	@AutoClose
	private final EtcdClient writer = EtcdClients.connect(etcd.cluster());

	@AutoClose
	private final EtcdClient client = EtcdClients.connect(List.of(this.proxy.endpoint()), UnaryOperator.identity());

	/** Changes some of 50 keys at one revision, and always one. */
	private long change() {
		List<TxnOperation> operations = new ArrayList<>();
		operations.add(PutRequest.of(this.keys.key("always"), ByteSequence.of("" + this.random.nextInt())));
		this.random.ints(0, 50)
			.distinct()
			.limit(this.random.nextInt(5))
			.forEach((key) -> operations.add(this.random.nextInt(3) == 0 ? DeleteRequest.of(this.keys.only("k" + key))
					: PutRequest.of(this.keys.key("k" + key), ByteSequence.of("" + this.random.nextInt()))));
		return this.writer.kv().txn().then(operations.toArray(TxnOperation[]::new)).commit().revision();
	}

	@Test
	void seesEveryRevisionOnceInOrder() {
		for (int i = 0; i < 20; i++) {
			change();
		}
		List<Long> revisions = new ArrayList<>();
		try (Mirror mirror = Mirror.open(this.client, MirrorRequest.of(this.keys.prefix()), this.copy)) {
			assertThat(mirror.ready()).succeedsWithin(SOON);
			long base = mirror.revision();
			for (int i = 0; i < 1_500; i++) {
				revisions.add(change());
				if (i % 500 == 250) {
					this.proxy.cut();
					this.proxy.restore();
				}
			}
			long last = revisions.get(revisions.size() - 1);
			await().atMost(SOON).pollInterval(Duration.ofMillis(10)).until(() -> mirror.revision() == last);

			assertThat(this.copy.bases).containsExactly(base);
			assertThat(this.copy.revisions).containsExactlyElementsOf(revisions);
			assertThat(this.copy.keys.values()).containsExactlyElementsOf(
					this.writer.kv().get(RangeRequest.builder(this.keys.range()).revision(last).build()).kvs());
			System.out.printf("mirror consumer: %d revisions, %d connections, seed %d%n", this.copy.revisions.size(),
					this.proxy.attempts().size(), SEED);
		}
		assertThat(this.proxy.attempts()).hasSizeGreaterThan(3);
	}

	@Test
	void takesAllKeysInPages() {
		for (int i = 0; i < 3_000; i += 100) {
			TxnOperation[] puts = new TxnOperation[100];
			for (int j = 0; j < puts.length; j++) {
				puts[j] = PutRequest.of(this.keys.key("%05d".formatted(i + j)), ByteSequence.of("value"));
			}
			this.writer.kv().txn().then(puts).commit();
		}

		try (Mirror mirror = Mirror.open(this.client, MirrorRequest.of(this.keys.prefix()), this.copy)) {
			assertThat(mirror.ready()).succeedsWithin(SOON);

			assertThat(this.copy.keys).hasSize(3_000);
			assertThat(this.copy.pages).hasSizeGreaterThan(1).allMatch((size) -> size <= 1_024);
			assertThat(this.copy.keys.values())
				.containsExactlyElementsOf(this.writer.kv().get(KeyRange.prefix(this.keys.prefix())).kvs());
		}
	}

	/** A map that follows. Written by one call after the other. */
	private static final class Copy implements MirrorConsumer {

		private final List<Long> bases = new CopyOnWriteArrayList<>();

		private final List<Integer> pages = new CopyOnWriteArrayList<>();

		private final List<Long> revisions = new CopyOnWriteArrayList<>();

		private final Map<ByteSequence, KeyValue> keys = new TreeMap<>();

		@Override
		public void onBaseBegin(long revision) {
			this.keys.clear();
		}

		@Override
		public void onBase(List<KeyValue> kvs) {
			this.pages.add(kvs.size());
			kvs.forEach((kv) -> this.keys.put(kv.key(), kv));
		}

		@Override
		public void onBaseEnd(long revision) {
			this.bases.add(revision);
		}

		@Override
		public void onChanges(long revision, List<WatchEvent> events) {
			this.revisions.add(revision);
			for (WatchEvent event : events) {
				assertThat(event.revision()).isEqualTo(revision);
				if (event instanceof WatchEvent.Put put) {
					this.keys.put(event.key(), put.kv());
				}
				else {
					this.keys.remove(event.key());
				}
			}
		}

	}

}
