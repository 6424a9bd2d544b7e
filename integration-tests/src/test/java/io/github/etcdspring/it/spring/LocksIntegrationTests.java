/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.spring;

import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

import io.github.etcdspring.KeyRange;
import io.github.etcdspring.KeyValue;
import io.github.etcdspring.boot.lock.EtcdLocks;
import io.github.etcdspring.boot.test.cluster.EtcdCluster;
import io.github.etcdspring.boot.test.cluster.EtcdClusterExtension;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.kv.PutRequest;
import io.github.etcdspring.lock.EtcdLock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Locks that instances of an application contend for.
 */
class LocksIntegrationTests {

	private static final int ROUNDS = 100;

	@RegisterExtension
	static final EtcdClusterExtension etcd = EtcdClusterExtension.members(1);

	private final EtcdClient client;

	private final ExecutorService threads = Executors.newFixedThreadPool(2);

	LocksIntegrationTests(EtcdCluster cluster) {
		this.client = EtcdClient.create(cluster.endpoints().get(0));
	}

	@AfterEach
	void disconnect() {
		this.threads.shutdownNow();
		this.client.close();
	}

	@Test
	void countsExactlyWhenTwoApplicationsContend(EtcdCluster cluster) {
		this.client.kv().put("counter", "0");
		ConcurrentSkipListSet<Long> tokens = new ConcurrentSkipListSet<>();
		try (App one = start(cluster); App two = start(cluster)) {
			CompletableFuture<Void> first = CompletableFuture.runAsync(() -> count(one, tokens), this.threads);
			CompletableFuture<Void> second = CompletableFuture.runAsync(() -> count(two, tokens), this.threads);
			CompletableFuture.allOf(first, second).join();

			assertThat(this.client.kv().get("counter").kvs()).singleElement()
				.satisfies((kv) -> assertThat(kv.value().toUtf8()).isEqualTo(Integer.toString(2 * ROUNDS)));
			assertThat(tokens).hasSize(2 * ROUNDS);
		}
	}

	@Test
	void isSameLockForSameNameSoThatItIsReentrant(EtcdCluster cluster) {
		try (App app = start(cluster)) {
			EtcdLocks locks = app.bean(EtcdLocks.class);
			assertThat(locks.get("again").tryLock()).isTrue();

			assertThat(locks.get("again").tryLock()).isTrue();

			locks.get("again").unlock();
			assertThat(locks.get("again").isHeldByCurrentThread()).isTrue();
			locks.get("again").unlock();
			assertThat(locks.get("again").isHeldByCurrentThread()).isFalse();
		}
	}

	@Test
	void l8DoesNotTakeOneNameForAnother(EtcdCluster cluster) throws InterruptedException {
		try (App one = start(cluster); App two = start(cluster)) {
			List<String> names = List.of("a", "ab", "a/b", "a%2Fb", "..", "a/../b");
			for (String name : names) {
				assertThat(one.bean(EtcdLocks.class).get(name).tryLock(5, TimeUnit.SECONDS)).as(name).isTrue();
				assertThat(two.bean(EtcdLocks.class).get(name).tryLock()).as(name).isFalse();
			}
			assertThat(new TreeSet<>(this.client.kv()
				.get(KeyRange.prefix("locks/"))
				.kvs()
				.stream()
				.map((kv) -> kv.key().toUtf8().replaceAll("/[0-9a-f]+$", ""))
				.toList())).containsExactlyInAnyOrder("locks/a", "locks/ab", "locks/a%2Fb", "locks/a%252Fb",
						"locks/%2E%2E", "locks/a%2F..%2Fb");
		}
	}

	@Test
	void excludesEtcdctl(EtcdCluster cluster) {
		try (App app = start(cluster)) {
			EtcdLock lock = app.bean(EtcdLocks.class).get("tool");
			assertThat(lock.tryLock()).isTrue();
			CompletableFuture<String> tool = CompletableFuture
				.supplyAsync(() -> cluster.etcdctl("lock", "locks/tool", "echo", "mine"));
			Moments.soon().until(() -> this.client.kv().get(KeyRange.prefix("locks/tool/")).kvs().size() == 2);
			assertThat(tool).isNotDone();

			lock.unlock();

			assertThat(tool.join()).contains("mine");
		}
	}

	@Test
	void r7FreesLocksAndTheirLeaseWithTheContext(EtcdCluster cluster) {
		App app = start(cluster);
		EtcdLocks locks = app.bean(EtcdLocks.class);
		locks.get("held").lock();
		KeyValue held = this.client.kv().get(KeyRange.prefix("locks/held/")).first().orElseThrow();

		app.close();

		assertThat(this.client.kv().get(KeyRange.prefix("locks/")).kvs()).isEmpty();
		assertThat(this.client.lease().timeToLive(held.lease()).remaining()).isEmpty();
		assertThatIllegalStateException().isThrownBy(() -> locks.get("other"));
	}

	private static App start(EtcdCluster cluster) {
		return App.of(cluster, "locking").start();
	}

	/**
	 * Reads and writes apart, which only a lock makes one; each write carries the token.
	 */
	private static void count(App app, ConcurrentSkipListSet<Long> tokens) {
		EtcdLock lock = app.bean(EtcdLocks.class).get("counter");
		for (int i = 0; i < ROUNDS; i++) {
			lock.lock();
			try {
				long number = Long.parseLong(app.client().kv().get("counter").first().orElseThrow().value().toUtf8());
				assertThat(app.client()
					.kv()
					.txn()
					.when(lock.guard())
					.then(PutRequest.of("counter", Long.toString(number + 1)))
					.commit()
					.succeeded()).isTrue();
				tokens.add(lock.fencingToken());
			}
			finally {
				lock.unlock();
			}
		}
	}

}
