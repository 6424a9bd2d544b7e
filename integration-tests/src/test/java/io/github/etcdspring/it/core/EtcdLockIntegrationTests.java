/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.core;

import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;

import io.github.etcdspring.KeyRange;
import io.github.etcdspring.KeyValue;
import io.github.etcdspring.boot.test.cluster.EtcdClusterExtension;
import io.github.etcdspring.kv.RangeRequest.SortOrder;
import io.github.etcdspring.kv.RangeRequest.SortTarget;
import io.github.etcdspring.kv.RangeRequest;
import io.github.etcdspring.lock.EtcdLock;
import io.github.etcdspring.session.Ownership;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Locks of three clients while nothing fails.
 */
// the lock itself is what is tested: it is not always given back
@SuppressWarnings("LockNotBeforeTry")
class EtcdLockIntegrationTests {

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

	@AutoClose
	private final Party third = Party.join(etcd.cluster(), TTL);

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

	private CompletableFuture<Void> lockInOtherThread(EtcdLock lock, Runnable whenHeld) {
		return CompletableFuture.runAsync(() -> {
			lock.lock();
			whenHeld.run();
			lock.unlock();
		}, this.threads);
	}

	private void awaitWaiting(int entries) {
		await().atMost(SOON).pollInterval(Duration.ofMillis(10)).until(() -> queue().size() == entries);
	}

	@Test
	void letsOneInAtATimeWhenEightThreadsOfThreeClientsContend() {
		List<Party> parties = List.of(this.first, this.second, this.third);
		List<CompletableFuture<Void>> work = IntStream.range(0, 8).mapToObj((i) -> {
			Party party = parties.get(i % 3);
			EtcdLock lock = party.lock(this.name);
			return CompletableFuture.runAsync(() -> IntStream.range(0, 25).forEach((round) -> {
				lock.lock();
				increment(party);
				lock.unlock();
			}), this.threads);
		}).toList();

		work.forEach(CompletableFuture::join);

		assertThat(counter(this.first)).isEqualTo(8 * 25);
		assertThat(queue()).isEmpty();
	}

	/** Reads, then writes: two that do so at once lose an update. */
	private void increment(Party party) {
		party.client().kv().put(this.keys.name("counter"), "" + (counter(party) + 1));
	}

	private int counter(Party party) {
		return party.client()
			.kv()
			.get(this.keys.name("counter"))
			.first()
			.map((kv) -> Integer.parseInt(kv.value().toUtf8()))
			.orElse(0);
	}

	@Test
	void letsWaitersInInOrderOfTheirCreateRevision() {
		// L7
		EtcdLock held = this.first.lock(this.name);
		held.lock();
		ConcurrentLinkedQueue<Long> order = new ConcurrentLinkedQueue<>();
		List<Party> waiters = IntStream.range(0, 10).mapToObj((i) -> Party.join(etcd.cluster(), TTL)).toList();
		List<CompletableFuture<Void>> waiting = new ArrayList<>();
		for (Party waiter : waiters) {
			EtcdLock lock = waiter.lock(this.name);
			waiting.add(lockInOtherThread(lock, () -> order.add(lock.fencingToken())));
		}
		awaitWaiting(11);
		List<Long> revisions = queue().stream().map(KeyValue::createRevision).toList();

		held.unlock();
		waiting.forEach(CompletableFuture::join);

		assertThat(order).containsExactlyElementsOf(revisions.subList(1, 11));
		waiters.forEach(Party::close);
	}

	@Test
	void staysHeldUntilGivenBackAsOftenAsTakenWhenReentered() {
		EtcdLock lock = this.first.lock(this.name);
		lock.lock();
		long token = lock.fencingToken();
		assertThat(lock.tryLock()).isTrue();
		lock.lock();

		lock.unlock();
		lock.unlock();

		assertThat(lock.fencingToken()).isEqualTo(token);
		assertThat(lock.isHeldByCurrentThread()).isTrue();
		assertThat(queue()).hasSize(1);
		lock.unlock();
		assertThat(lock.isHeldByCurrentThread()).isFalse();
		assertThat(queue()).isEmpty();
	}

	@Test
	void refusesWhenThreadThatDoesNotHoldItUnlocks() {
		EtcdLock lock = this.first.lock(this.name);
		lock.lock();

		CompletableFuture<Void> other = CompletableFuture.runAsync(lock::unlock, this.threads);

		assertThat(other).failsWithin(SOON)
			.withThrowableThat()
			.havingCause()
			.isInstanceOf(IllegalMonitorStateException.class);
		assertThat(lock.isHeld()).isTrue();
		lock.unlock();
		assertThatExceptionOfType(IllegalMonitorStateException.class).isThrownBy(lock::unlock);
	}

	@Test
	void tokenRisesWithEachHold() {
		// L2
		List<Long> tokens = new ArrayList<>();
		for (int i = 0; i < 12; i++) {
			EtcdLock lock = List.of(this.first, this.second, this.third).get(i % 3).lock(this.name);
			lock.lock();
			tokens.add(lock.fencingToken());
			lock.unlock();
		}

		assertThat(tokens).isSorted().doesNotHaveDuplicates();
	}

	@Test
	void excludeEachOtherWhenTwoObjectsAreOfOneSession() {
		EtcdLock one = this.first.lock(this.name);
		EtcdLock other = this.first.lock(this.name);
		one.lock();
		assertThat(other.tryLock()).isFalse();
		AtomicBoolean locked = new AtomicBoolean();
		Thread waiting = new Thread(() -> {
			other.lock();
			locked.set(true);
			other.unlock();
		});
		waiting.start();
		await().atMost(SOON).until(() -> waiting.getState() == Thread.State.WAITING);

		await().during(Duration.ofMillis(500)).atMost(SOON).until(() -> !locked.get() && queue().size() == 1);
		one.unlock();

		await().atMost(SOON).untilTrue(locked);
	}

	@Test
	void isForgottenBySessionWhenGivenBack() {
		// a session lives for weeks and sees millions of holds
		EtcdLock lock = this.first.lock(this.name);
		WeakReference<Ownership> ownership = holdAndGiveBack(lock);

		await().atMost(SOON).until(() -> {
			System.gc();
			return ownership.get() == null;
		});

		assertThat(this.first.session().lease()).isPresent();
	}

	private static WeakReference<Ownership> holdAndGiveBack(EtcdLock lock) {
		lock.lock();
		WeakReference<Ownership> ownership = new WeakReference<>(lock.ownership());
		lock.unlock();
		return ownership;
	}

	@Test
	void areIndependentWhenNamesDiffer() {
		// L8
		EtcdLock lock = this.first.lock(this.name);
		lock.lock();

		assertThat(this.second.lock(this.name + "2").tryLock()).isTrue();
		assertThat(this.second.lock(this.name + "/ünïcode").tryLock()).isTrue();
		assertThat(this.second.lock(this.name.substring(0, this.name.length() - 1)).tryLock()).isTrue();
	}

}
