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
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.KeyRange;
import io.github.etcdspring.LeaseLostException;
import io.github.etcdspring.boot.test.cluster.EtcdClusterExtension;
import io.github.etcdspring.kv.PutRequest;
import io.github.etcdspring.recipes.EtcdReadWriteLock;
import io.github.etcdspring.session.Ownership;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Read-write locks of three clients.
 */
class EtcdReadWriteLockIntegrationTests {

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

	private EtcdReadWriteLock lock(Party party) {
		return EtcdReadWriteLock.of(party.session(), this.name);
	}

	private long entries() {
		return this.first.client().kv().get(KeyRange.prefix(this.name + "/")).count();
	}

	private void awaitEntries(int number) {
		await().atMost(SOON).pollInterval(Duration.ofMillis(10)).until(() -> entries() == number);
	}

	@Test
	void letsReadersInTogetherAndWritersAlone() {
		AtomicInteger readers = new AtomicInteger();
		AtomicInteger writers = new AtomicInteger();
		AtomicInteger mostReaders = new AtomicInteger();
		ConcurrentLinkedQueue<String> violations = new ConcurrentLinkedQueue<>();
		List<Party> parties = List.of(this.first, this.second, this.third);

		List<CompletableFuture<Void>> work = IntStream.range(0, 9).mapToObj((i) -> {
			EtcdReadWriteLock lock = lock(parties.get(i % 3));
			return CompletableFuture.runAsync(() -> IntStream.range(0, 15).forEach((round) -> {
				if (i < 6) {
					Ownership hold = lock.lockReadAsync().join();
					mostReaders.accumulateAndGet(readers.incrementAndGet(), Math::max);
					if (writers.get() > 0) {
						violations.add("reader beside writer");
					}
					counter();
					readers.decrementAndGet();
					hold.release();
				}
				else {
					Ownership hold = lock.lockWriteAsync().join();
					if (writers.incrementAndGet() > 1 || readers.get() > 0) {
						violations.add("writer not alone");
					}
					increment(parties.get(i % 3));
					writers.decrementAndGet();
					hold.release();
				}
			}), this.threads);
		}).toList();
		work.forEach(CompletableFuture::join);

		assertThat(violations).isEmpty();
		assertThat(mostReaders).hasValueGreaterThan(1);
		assertThat(counter()).isEqualTo(3 * 15);
		assertThat(entries()).isZero();
	}

	/** Reads, then writes: two that do so at once lose an update. */
	private void increment(Party party) {
		party.client().kv().put(this.keys.name("counter"), "" + (counter() + 1));
	}

	private int counter() {
		return this.first.client()
			.kv()
			.get(this.keys.name("counter"))
			.first()
			.map((kv) -> Integer.parseInt(kv.value().toUtf8()))
			.orElse(0);
	}

	@Test
	void letsThoseInWhoCameBeforeAWriterAndHoldsUpThoseAfter() throws InterruptedException {
		Ownership read = lock(this.first).lockRead();
		CompletableFuture<Ownership> write = lock(this.second).lockWriteAsync();
		awaitEntries(2);
		CompletableFuture<Ownership> late = lock(this.third).lockReadAsync();
		awaitEntries(3);

		assertThat(lock(this.third).tryLockRead(Duration.ZERO)).isEmpty();
		read.release();

		Ownership written = write.orTimeout(10, TimeUnit.SECONDS).join();
		assertThat(late).isNotDone();
		written.release();
		assertThat(late).succeedsWithin(SOON)
			.satisfies((hold) -> assertThat(hold.token()).isGreaterThan(written.token()));
	}

	@Test
	void neverHoldsByOneOfAThousandAttemptsThatWereGivenUp() throws InterruptedException {
		Ownership held = lock(this.first).lockWrite();
		EtcdReadWriteLock lock = lock(this.second);
		List<CompletableFuture<Ownership>> cancelled = new ArrayList<>();

		for (int i = 0; i < 500; i++) {
			CompletableFuture<Ownership> attempt = (i % 2 == 0) ? lock.lockReadAsync() : lock.lockWriteAsync();
			if (i % 3 == 0) {
				await().pollDelay(Duration.ZERO)
					.pollInterval(Duration.ofMillis(1))
					.atMost(SOON)
					.until(() -> entries() > 1);
			}
			attempt.cancel(false);
			cancelled.add(attempt);
			assertThat((i % 2 == 0) ? lock.tryLockWrite(Duration.ofMillis(i % 5))
					: lock.tryLockRead(Duration.ofMillis(i % 5)))
				.isEmpty();
		}

		awaitEntries(1);
		assertThat(cancelled).allMatch(CompletableFuture::isCancelled);
		held.release();
		await().during(Duration.ofMillis(500)).atMost(SOON).until(() -> entries() == 0);
		assertThat(lock.tryLockWrite(Duration.ZERO)).isPresent();
	}

	@Test
	void waitsForKeysOfGoAndShowsItsOwnAsGoDoes() throws InterruptedException {
		etcd.cluster().etcdctl("put", this.name + "/read/1700000000000000001", "");
		Ownership read = lock(this.first).lockRead();
		CompletableFuture<Ownership> write = lock(this.second).lockWriteAsync();
		awaitEntries(3);
		assertThat(etcd.cluster().etcdctl("get", "--prefix", "--keys-only", this.name + "/write/").strip())
			.matches(this.name + "/write/[0-9]{19}");
		assertThat(etcd.cluster().etcdctl("get", "--print-value-only", read.key().toUtf8()).strip()).isEmpty();

		read.release();
		assertThat(write).isNotDone();
		etcd.cluster().etcdctl("del", this.name + "/read/1700000000000000001");

		assertThat(write).succeedsWithin(SOON);
	}

	@Test
	void failsWhenLeaseIsRevokedWhileWaiting() throws InterruptedException {
		lock(this.first).lockWrite();
		CompletableFuture<Ownership> read = lock(this.second).lockReadAsync();
		awaitEntries(2);

		etcd.cluster().etcdctl("lease", "revoke", this.second.lease().lease().toString());

		assertThat(read).failsWithin(SOON).withThrowableThat().havingCause().isInstanceOf(LeaseLostException.class);
	}

	@Test
	void failsWhenItsKeyIsDeletedWhileWaiting() throws InterruptedException {
		Ownership held = lock(this.first).lockRead();
		CompletableFuture<Ownership> write = lock(this.second).lockWriteAsync();
		awaitEntries(2);

		etcd.cluster().etcdctl("del", "--prefix", this.name + "/write/");
		held.release();

		assertThat(write).failsWithin(SOON).withThrowableThat().havingCause().isInstanceOf(LeaseLostException.class);
	}

	@Test
	void refusesGuardedWriteWhenHoldIsLost() throws InterruptedException {
		Ownership write = lock(this.first).lockWrite();
		PutRequest put = PutRequest.of(this.keys.key("fenced"), ByteSequence.of("x"));
		assertThat(this.second.client().kv().txn().when(write.guard()).then(put).commit().succeeded()).isTrue();

		etcd.cluster().etcdctl("lease", "revoke", this.first.lease().lease().toString());

		assertThat(this.second.client().kv().txn().when(write.guard()).then(put).commit().succeeded()).isFalse();
		await().atMost(SOON).until(() -> !write.isHeld());
	}

}
