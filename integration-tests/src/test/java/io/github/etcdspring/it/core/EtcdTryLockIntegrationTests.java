/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.core;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.KeyRange;
import io.github.etcdspring.KeyValue;
import io.github.etcdspring.boot.test.cluster.EtcdClusterExtension;
import io.github.etcdspring.kv.RangeRequest;
import io.github.etcdspring.kv.RangeRequest.SortOrder;
import io.github.etcdspring.kv.RangeRequest.SortTarget;
import io.github.etcdspring.lock.EtcdLock;
import io.github.etcdspring.session.Ownership;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tries to take a lock that somebody else holds (L4).
 */
// the lock itself is what is tested: it is not always given back
@SuppressWarnings("LockNotBeforeTry")
class EtcdTryLockIntegrationTests {

	private static final Duration SOON = Duration.ofSeconds(10);

	private static final Duration TTL = Duration.ofSeconds(10);

	@RegisterExtension
	static final EtcdClusterExtension etcd = EtcdClusterExtension.members(1);

	private final KeySpace keys = KeySpace.unique();

	private final String name = this.keys.name("lock");

	@AutoClose
	private final Party first = Party.join(etcd.cluster(), TTL);

	@AutoClose
	private final Party second = Party.join(etcd.cluster(), TTL);

	@AutoClose("shutdownNow")
	private final ExecutorService threads = Executors.newCachedThreadPool();

	private List<KeyValue> queue() {
		return this.first.client()
			.kv()
			.get(RangeRequest.builder(KeyRange.prefix(this.name + "/"))
				.sort(SortTarget.CREATE, SortOrder.ASCEND)
				.build())
			.kvs();
	}

	private ByteSequence keyOf(Party party) {
		return ByteSequence.of(this.name + "/" + party.lease().lease());
	}

	private void awaitWaiting(int entries) {
		await().atMost(SOON).pollInterval(Duration.ofMillis(10)).until(() -> queue().size() == entries);
	}

	@Test
	void leavesNoKeyWhenTryLockFindsItHeld() {
		// L4
		EtcdLock held = this.first.lock(this.name);
		held.lock();

		assertThat(this.second.lock(this.name).tryLock()).isFalse();

		assertThat(queue()).singleElement().satisfies((kv) -> assertThat(kv.key()).isEqualTo(keyOf(this.first)));
		held.unlock();
		assertThat(this.second.lock(this.name).tryLock()).isTrue();
	}

	@Test
	void leavesQueueWhenTimeIsUp() throws InterruptedException {
		// L4
		EtcdLock held = this.first.lock(this.name);
		held.lock();
		long begin = this.first.client().ticker().nanoTime();

		assertThat(this.second.lock(this.name).tryLock(500, TimeUnit.MILLISECONDS)).isFalse();

		assertThat(Duration.ofNanos(this.first.client().ticker().nanoTime() - begin)).isBetween(Duration.ofMillis(500),
				Duration.ofMillis(1500));
		await().atMost(SOON)
			.untilAsserted(() -> assertThat(queue()).singleElement()
				.satisfies((kv) -> assertThat(kv.key()).isEqualTo(keyOf(this.first))));
	}

	@Test
	void leavesOnlyTheHolderWhenAThousandTriesTimeOutOrAreCancelled() throws InterruptedException {
		// L4
		EtcdLock held = this.first.lock(this.name);
		held.lock();
		List<CompletableFuture<Ownership>> cancelled = new ArrayList<>();
		Spread late = new Spread();

		for (int i = 0; i < 500; i++) {
			Duration time = Duration.ofMillis(1 + i % 10);
			long end = this.second.client().ticker().nanoTime() + time.toNanos();
			assertThat(this.second.lock(this.name).tryLock(time.toNanos(), TimeUnit.NANOSECONDS)).isFalse();
			late.add(this.second.client().ticker().nanoTime() - end);
			CompletableFuture<Ownership> attempt = this.second.lock(this.name).acquireAsync();
			LockSupport.parkNanos(Duration.ofMillis(i % 5).toNanos());
			attempt.cancel(false);
			cancelled.add(attempt);
		}

		System.out.printf("timed tries: etcd %s, ended after their time by: %s%n", etcd.cluster().version(), late);
		// 250 ms, and what a busy machine adds
		assertThat(late.percentile(90)).isLessThanOrEqualTo(Duration.ofMillis(250));
		assertThat(late.most()).isLessThanOrEqualTo(Duration.ofSeconds(1));
		assertThat(late.least()).isGreaterThanOrEqualTo(Duration.ZERO);
		await().atMost(SOON)
			.untilAsserted(() -> assertThat(queue()).singleElement()
				.satisfies((kv) -> assertThat(kv.key()).isEqualTo(keyOf(this.first))));
		held.unlock();
		assertThat(queue()).isEmpty();
		assertThat(this.second.lock(this.name).tryLock(10, TimeUnit.SECONDS)).isTrue();
		assertThat(queue()).hasSize(1);
		assertThat(cancelled).hasSize(500).allMatch(CompletableFuture::isCancelled);
	}

	@Test
	void takesLockWhenItIsFreeInTime() throws InterruptedException {
		EtcdLock held = this.first.lock(this.name);
		held.lock();
		EtcdLock lock = this.second.lock(this.name);
		CompletableFuture<Boolean> waiting = CompletableFuture.supplyAsync(() -> {
			try {
				return lock.tryLock(30, TimeUnit.SECONDS);
			}
			catch (InterruptedException ex) {
				return false;
			}
		}, this.threads);
		awaitWaiting(2);

		held.unlock();

		assertThat(waiting).succeedsWithin(SOON).isEqualTo(true);
	}

}
