/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.core;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;

import io.github.etcdspring.KeyRange;
import io.github.etcdspring.KeyValue;
import io.github.etcdspring.boot.test.cluster.EtcdClusterExtension;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.kv.RangeRequest;
import io.github.etcdspring.kv.RangeRequest.SortOrder;
import io.github.etcdspring.kv.RangeRequest.SortTarget;
import io.github.etcdspring.lock.EtcdLock;
import io.github.etcdspring.session.Ownership;
import io.github.etcdspring.session.Session;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A hundred who wait for one lock (L7).
 */
class EtcdLockFairnessIntegrationTests {

	private static final Duration SOON = Duration.ofSeconds(20);

	/** No lease is renewed while the server's reads are counted. */
	private static final Duration TTL = Duration.ofMinutes(5);

	private static final int WAITERS = 100;

	@RegisterExtension
	static final EtcdClusterExtension etcd = EtcdClusterExtension.members(1);

	private final KeySpace keys = KeySpace.unique();

	private final String name = this.keys.name("lock");

	@AutoClose
	private final EtcdClient client = EtcdClients.connect(etcd.cluster());

	private final Queue<Ownership> given = new ConcurrentLinkedQueue<>();

	private EtcdLock lock() {
		Session session = Session.open(this.client, TTL);
		session.leaseAsync().join();
		return EtcdLock.of(session, this.name);
	}

	private List<KeyValue> queue() {
		return this.client.kv()
			.get(RangeRequest.builder(KeyRange.prefix(this.name + "/"))
				.sort(SortTarget.CREATE, SortOrder.ASCEND)
				.build())
			.kvs();
	}

	private static double atServer(String metric) {
		return ServerMetrics.sum(etcd.cluster().member(0), metric, "");
	}

	@Test
	void goesToHundredWaitersInOrderOfTheirKeysAndWakesOneWithEachRelease() {
		// L7
		Ownership first = lock().acquireAsync().join();
		List<EtcdLock> locks = new ArrayList<>(IntStream.range(0, WAITERS).mapToObj((i) -> lock()).toList());
		Collections.shuffle(locks);
		List<CompletableFuture<Boolean>> released = locks.parallelStream()
			.map((lock) -> lock.acquireAsync().thenCompose(this::giveOn))
			.toList();
		// each has looked, and now watches the one before it
		await().atMost(SOON).until(() -> atServer("etcd_debugging_mvcc_watcher_total") == WAITERS);
		List<KeyValue> queue = queue();
		double before = atServer("etcd_debugging_mvcc_range_total");

		first.releaseAsync();

		CompletableFuture<Void> all = CompletableFuture.allOf(released.toArray(CompletableFuture[]::new));
		assertThat(all).succeedsWithin(SOON);
		double ranges = atServer("etcd_debugging_mvcc_range_total") - before;
		System.out.printf("lock fairness: etcd %s, %d waiters, %.0f ranges at the server, %.2f for each release%n",
				etcd.cluster().version(), WAITERS, ranges, ranges / (WAITERS + 1));
		assertThat(queue).hasSize(WAITERS + 1).first().extracting(KeyValue::createRevision).isEqualTo(first.token());
		assertThat(this.given.stream().map(Ownership::token).toList())
			.isEqualTo(queue.stream().skip(1).map(KeyValue::createRevision).toList());
		assertThat(this.given.stream().map(Ownership::key).toList())
			.isEqualTo(queue.stream().skip(1).map(KeyValue::key).toList());
		assertThat(ranges / (WAITERS + 1)).isBetween(1.0, 3.0);
		assertThat(queue()).isEmpty();
	}

	private CompletableFuture<Boolean> giveOn(Ownership ownership) {
		this.given.add(ownership);
		return ownership.releaseAsync();
	}

}
