/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.core;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import io.github.etcdspring.KeyRange;
import io.github.etcdspring.boot.test.cluster.EtcdClusterExtension;
import io.github.etcdspring.recipes.EtcdSemaphore;
import io.github.etcdspring.session.Ownership;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Semaphores of three clients.
 */
class EtcdSemaphoreIntegrationTests {

	private static final Duration SOON = Duration.ofSeconds(10);

	private static final Duration TTL = Duration.ofSeconds(10);

	@RegisterExtension
	static final EtcdClusterExtension etcd = EtcdClusterExtension.members(1);

	private final KeySpace keys = KeySpace.unique();

	private final String name = this.keys.name("permits");

	@AutoClose
	private final Party first = Party.join(etcd.cluster(), TTL);

	@AutoClose
	private final Party second = Party.join(etcd.cluster(), TTL);

	@AutoClose
	private final Party third = Party.join(etcd.cluster(), TTL);

	@AutoClose("shutdownNow")
	private final ExecutorService threads = Executors.newCachedThreadPool();

	private EtcdSemaphore semaphore(Party party, int permits) {
		return EtcdSemaphore.of(party.session(), this.name, permits);
	}

	private long entries() {
		return this.first.client().kv().get(KeyRange.prefix(this.name + "/")).count();
	}

	private void awaitEntries(int number) {
		await().atMost(SOON).pollInterval(Duration.ofMillis(10)).until(() -> entries() == number);
	}

	@Test
	void neverGivesMorePermitsThanThereAre() {
		AtomicInteger holders = new AtomicInteger();
		AtomicInteger most = new AtomicInteger();
		List<Party> parties = List.of(this.first, this.second, this.third);

		List<CompletableFuture<Void>> work = IntStream.range(0, 9).mapToObj((i) -> {
			EtcdSemaphore semaphore = semaphore(parties.get(i % 3), 3);
			return CompletableFuture.runAsync(() -> IntStream.range(0, 20).forEach((round) -> {
				Ownership permit = semaphore.acquireAsync().join();
				most.accumulateAndGet(holders.incrementAndGet(), Math::max);
				this.first.client().kv().get(this.name);
				holders.decrementAndGet();
				permit.release();
			}), this.threads);
		}).toList();
		work.forEach(CompletableFuture::join);

		assertThat(most).hasValue(3);
		assertThat(entries()).isZero();
	}

	@Test
	void givesPermitsInOrderOfCreateRevision() throws InterruptedException {
		Ownership held = semaphore(this.first, 2).acquire();
		Ownership other = semaphore(this.second, 2).acquire();
		ConcurrentLinkedQueue<Long> order = new ConcurrentLinkedQueue<>();
		List<CompletableFuture<Void>> waiting = new ArrayList<>();
		for (int i = 0; i < 10; i++) {
			EtcdSemaphore semaphore = semaphore(List.of(this.first, this.second, this.third).get(i % 3), 2);
			waiting.add(semaphore.acquireAsync().thenAccept((permit) -> {
				order.add(permit.token());
				permit.releaseAsync();
			}));
			awaitEntries(3 + i);
		}

		held.release();
		waiting.forEach(CompletableFuture::join);

		assertThat(List.copyOf(order)).hasSize(10).isSorted();
		other.release();
		awaitEntries(0);
	}

	@Test
	void neverHoldsByOneOfAThousandAttemptsThatWereGivenUp() throws InterruptedException {
		List<Ownership> held = List.of(semaphore(this.first, 2).acquire(), semaphore(this.first, 2).acquire());
		EtcdSemaphore semaphore = semaphore(this.second, 2);
		List<CompletableFuture<Ownership>> cancelled = new ArrayList<>();

		for (int i = 0; i < 500; i++) {
			CompletableFuture<Ownership> attempt = semaphore.acquireAsync();
			if (i % 3 == 0) {
				await().pollDelay(Duration.ZERO)
					.pollInterval(Duration.ofMillis(1))
					.atMost(SOON)
					.until(() -> entries() > 2);
			}
			attempt.cancel(false);
			cancelled.add(attempt);
			assertThat(semaphore.tryAcquire(Duration.ofMillis(i % 5))).isEmpty();
		}

		awaitEntries(2);
		assertThat(cancelled).allMatch(CompletableFuture::isCancelled);
		held.forEach(Ownership::release);
		await().during(Duration.ofMillis(500)).atMost(SOON).until(() -> entries() == 0);
		assertThat(semaphore.tryAcquire(Duration.ZERO)).isPresent();
	}

	@Test
	void countsKeysThatOthersPutAndShowsItsOwn() throws InterruptedException {
		etcd.cluster().etcdctl("put", this.name + "/1700000000000000001", "");
		Ownership permit = semaphore(this.first, 2).acquire();
		assertThat(etcd.cluster().etcdctl("get", "--prefix", "--keys-only", this.name + "/").strip().lines())
			.filteredOn((line) -> !line.isEmpty())
			.containsExactly(this.name + "/1700000000000000001", permit.key().toUtf8());
		CompletableFuture<Ownership> waiting = semaphore(this.second, 2).acquireAsync();
		awaitEntries(3);
		assertThat(waiting).isNotDone();

		etcd.cluster().etcdctl("del", this.name + "/1700000000000000001");

		assertThat(waiting).succeedsWithin(SOON);
	}

	@Test
	void givesPermitsOfOneThatDiesWithinItsTtl() throws InterruptedException {
		Party dying = Party.join(etcd.cluster(), Duration.ofSeconds(2));
		semaphore(dying, 2).acquire();
		semaphore(dying, 2).acquire();
		CompletableFuture<Ownership> one = semaphore(this.first, 2).acquireAsync();
		CompletableFuture<Ownership> other = semaphore(this.second, 2).acquireAsync();
		awaitEntries(4);

		dying.die();

		assertThat(one).succeedsWithin(Duration.ofSeconds(6));
		assertThat(other).succeedsWithin(Duration.ofSeconds(6));
	}

}
