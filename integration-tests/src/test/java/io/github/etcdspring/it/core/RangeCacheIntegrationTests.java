/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.core;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.KeyRange;
import io.github.etcdspring.KeyValue;
import io.github.etcdspring.boot.test.cluster.EtcdClusterExtension;
import io.github.etcdspring.cache.RangeCache;
import io.github.etcdspring.cache.RangeSnapshot;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.it.core.fault.TcpProxy;
import io.github.etcdspring.kv.DeleteRequest;
import io.github.etcdspring.kv.PutRequest;
import io.github.etcdspring.kv.RangeRequest;
import io.github.etcdspring.kv.TxnOperation;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A cache equals the server's range at its revision, whatever happens (P3, D1 to D3).
 */
class RangeCacheIntegrationTests {

	private static final Duration SOON = Duration.ofSeconds(15);

	private static final long SEED = Long.getLong("it.seed", 20261122);

	@RegisterExtension
	static final EtcdClusterExtension etcd = EtcdClusterExtension.members(1);

	private final KeySpace keys = KeySpace.unique();

	private final Random random = new Random(SEED);

	private final CacheMirror mirror = new CacheMirror();

	@AutoClose
	private final TcpProxy proxy = TcpProxy.to(etcd.cluster().member(0).clientPort());

	@AutoClose
	private final EtcdClient writer = EtcdClients.connect(etcd.cluster());

	@AutoClose
	private final EtcdClient client = EtcdClients.connect(List.of(this.proxy.endpoint()), UnaryOperator.identity());

	private RangeCache open() {
		RangeCache cache = RangeCache.open(this.client, this.keys.range(), this.mirror);
		assertThat(cache.ready()).succeedsWithin(SOON);
		return cache;
	}

	/** Changes some of 30 keys at one revision. */
	private long change() {
		TxnOperation[] operations = this.random.ints(0, 30)
			.distinct()
			.limit(1 + this.random.nextInt(4))
			.mapToObj((key) -> (this.random.nextInt(3) == 0) ? delete(key) : put(key))
			.toArray(TxnOperation[]::new);
		return this.writer.kv().txn().then(operations).commit().revision();
	}

	private TxnOperation put(int key) {
		return PutRequest.of(this.keys.key("k" + key), ByteSequence.of("" + this.random.nextInt()));
	}

	private TxnOperation delete(int key) {
		return DeleteRequest.of(this.keys.only("k" + key));
	}

	private long changeOften(int times) {
		return Stream.generate(this::change).limit(times).reduce(0L, Math::max);
	}

	/** Puts a key, so that the cache must come to this very revision. */
	private long mark() {
		return this.writer.kv().put(this.keys.name("mark"), "" + this.random.nextInt()).revision();
	}

	private void assertEqualsServer(RangeCache cache) {
		this.mirror.assertEqual(cache, this.writer, this.keys.range());
	}

	@Test
	void equalsServerAtEachRevisionWhenKeysChangeAtRandom() {
		changeOften(20);
		try (RangeCache cache = open()) {
			while (this.mirror.told().size() < 2_000) {
				changeOften(100);
			}
			this.mirror.awaitRevision(mark());

			assertEqualsServer(cache);
		}
		System.out.printf("range cache: %d snapshots checked, seed %d%n", this.mirror.told().size(), SEED);
		assertThat(this.mirror.told()).hasSizeGreaterThanOrEqualTo(2_000);
		assertThat(this.mirror.told()).extracting(RangeSnapshot::revision).isSorted().doesNotHaveDuplicates();
		List<CompletableFuture<List<KeyValue>>> reads = this.mirror.told()
			.stream()
			.map((snapshot) -> this.writer.kv()
				.getAsync(RangeRequest.builder(this.keys.range()).revision(snapshot.revision()).build())
				.thenApply((result) -> result.kvs()))
			.toList();
		for (int i = 0; i < reads.size(); i++) {
			assertThat(this.mirror.told().get(i).kvs()).isEqualTo(reads.get(i).join());
		}
	}

	@Test
	void missesNothingWhenKeysChangeWhileItIsOpened() {
		for (int i = 0; i < 20; i++) {
			CompletableFuture<Long> changing = CompletableFuture.supplyAsync(() -> changeOften(20));
			CacheMirror own = new CacheMirror();
			try (RangeCache cache = RangeCache.open(this.client, this.keys.range(), own)) {
				changing.join();
				own.awaitRevision(mark());

				own.assertEqual(cache, this.writer, this.keys.range());
			}
		}
	}

	@Test
	void findsKeysAndPartsWhenAsked() {
		this.writer.kv().put(this.keys.name("a/1"), "1");
		this.writer.kv().put(this.keys.name("a/2"), "2");
		this.writer.kv().put(this.keys.name("b"), "3");
		try (RangeCache cache = open()) {
			RangeSnapshot snapshot = cache.snapshot();

			assertThat(snapshot.get(this.keys.key("b")).orElseThrow().value().toUtf8()).isEqualTo("3");
			assertThat(snapshot.get(this.keys.key("c"))).isEmpty();
			assertThat(snapshot.kvs(KeyRange.prefix(this.keys.key("a/")))).hasSize(2);
			assertThat(snapshot.kvs(KeyRange.from(this.keys.key("a/2")))).hasSize(2);
		}
	}

	@Test
	void tellsNothingMoreWhenClosed() {
		RangeCache cache = open();
		this.mirror.awaitRevision(cache.snapshot().revision());
		int calls = this.mirror.told().size();

		cache.close();
		mark();
		CacheMirror other = new CacheMirror();
		RangeCache.open(this.client, this.keys.range(), other);
		other.awaitRevision(mark());

		assertThat(this.mirror.told()).hasSize(calls);
	}

	@Test
	void goesOnWhenListenerThrows() {
		try (RangeCache cache = RangeCache.open(this.client, this.keys.range(), (before, now) -> {
			throw new IllegalStateException("thrown by a test");
		})) {
			long first = mark();
			await().atMost(SOON).until(() -> cache.snapshot().revision() >= first);
			long second = mark();
			await().atMost(SOON).until(() -> cache.snapshot().revision() >= second);

			assertThat(cache.snapshot().size()).isEqualTo(1);
		}
	}

}
