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
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.EtcdClosedException;
import io.github.etcdspring.KeyRange;
import io.github.etcdspring.KeyValue;
import io.github.etcdspring.boot.test.cluster.EtcdClusterExtension;
import io.github.etcdspring.cache.RangeCache;
import io.github.etcdspring.cache.RangeSnapshot;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.it.core.fault.TcpProxy;
import io.github.etcdspring.kv.CompactRequest;
import io.github.etcdspring.kv.DeleteRequest;
import io.github.etcdspring.kv.PutRequest;
import io.github.etcdspring.kv.TxnOperation;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Caches that are cut off from their cluster, or whose history is compacted (P3, D3).
 */
class RangeCacheOutageIntegrationTests {

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
	void readsAnewWhenItsPlaceWasCompactedWhileDisconnected() {
		try (RangeCache cache = open()) {
			this.mirror.awaitRevision(changeOften(50));
			this.proxy.cut();
			await().atMost(SOON).until(() -> cache.disconnectedFor().isPresent());
			RangeSnapshot before = cache.snapshot();
			changeOften(50);
			long last = mark();
			this.writer.kv().compact(CompactRequest.of(last));
			assertThat(cache.snapshot()).isSameAs(before);

			this.proxy.restore();

			this.mirror.awaitRevision(last);
			assertEqualsServer(cache);
			await().atMost(SOON).until(() -> cache.disconnectedFor().isEmpty());
			this.mirror.awaitRevision(mark());
			assertEqualsServer(cache);
		}
	}

	@Test
	void catchesUpWhenAllMembersWereRestarted() {
		try (RangeCache cache = open()) {
			this.mirror.awaitRevision(changeOften(50));

			etcd.cluster().restart();
			changeOften(50);
			this.mirror.awaitRevision(mark());

			assertEqualsServer(cache);
		}
	}

	@Test
	void keepsSnapshotAndTellsItsAgeWhenClusterIsDown() {
		// D3
		long last = changeOften(10);
		try (RangeCache cache = open()) {
			this.mirror.awaitRevision(last);
			assertThat(cache.disconnectedFor()).isEmpty();
			List<KeyValue> before = cache.snapshot().kvs();

			etcd.cluster().kill();

			await().atMost(SOON).until(() -> cache.disconnectedFor().isPresent());
			Duration age = cache.disconnectedFor().orElseThrow();
			await().atMost(SOON).until(() -> cache.disconnectedFor().orElseThrow().compareTo(age) > 0);
			assertThat(cache.snapshot().kvs()).isEqualTo(before);
			etcd.cluster().restart();
			await().atMost(Duration.ofSeconds(5)).until(() -> cache.disconnectedFor().isEmpty());
		}
	}

	@Test
	void becomesReadyWhenClusterComesUpAfterIt() {
		long last = changeOften(10);
		this.proxy.cut();
		try (RangeCache cache = RangeCache.open(this.client, this.keys.range(), this.mirror)) {
			assertThat(cache.ready()).isNotDone();
			assertThat(cache.snapshot().revision()).isZero();

			this.proxy.restore();

			assertThat(cache.ready()).succeedsWithin(Duration.ofSeconds(5))
				.satisfies((snapshot) -> assertThat(snapshot.revision()).isGreaterThanOrEqualTo(last));
			assertEqualsServer(cache);
		}
	}

	@Test
	void holdsEveryKeyWhenTheyAreMoreThanOnePage() {
		writeKeys(2_500, "first");
		try (RangeCache cache = open()) {
			assertThat(cache.snapshot().size()).isEqualTo(2_500);
			assertEqualsServer(cache);

			this.proxy.cut();
			writeKeys(1_500, "second");
			this.writer.kv().delete(DeleteRequest.of(KeyRange.prefix(this.keys.key("page1"))));
			long last = mark();
			this.writer.kv().compact(CompactRequest.of(last));
			this.proxy.restore();

			this.mirror.awaitRevision(last);
			assertEqualsServer(cache);
			assertThat(cache.snapshot().get(this.keys.key("page00001")).orElseThrow().value().toUtf8())
				.isEqualTo("second");
		}
	}

	private void writeKeys(int number, String value) {
		for (int from = 0; from < number; from += 100) {
			TxnOperation[] puts = IntStream.range(from, from + 100)
				.mapToObj((i) -> PutRequest.of(this.keys.key(String.format("page%05d", i)), ByteSequence.of(value)))
				.toArray(TxnOperation[]::new);
			this.writer.kv().txn().then(puts).commit();
		}
	}

	@Test
	void failsWaitersWhenClosedBeforeItIsReady() {
		this.proxy.cut();
		RangeCache cache = RangeCache.open(this.client, this.keys.range());
		CompletableFuture<RangeSnapshot> waiting = cache.ready();

		cache.close();

		assertThat(waiting).failsWithin(SOON).withThrowableThat().havingCause().isInstanceOf(EtcdClosedException.class);
	}

}
