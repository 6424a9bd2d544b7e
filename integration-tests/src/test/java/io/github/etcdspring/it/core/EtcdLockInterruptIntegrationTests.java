/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.core;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

import io.github.etcdspring.EtcdException;
import io.github.etcdspring.KeyRange;
import io.github.etcdspring.boot.test.cluster.EtcdClusterExtension;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.lock.EtcdLock;
import io.github.etcdspring.session.Session;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Waits for a lock that are given up.
 */
// the lock itself is what is tested: it is not always given back
@SuppressWarnings("LockNotBeforeTry")
class EtcdLockInterruptIntegrationTests {

	private static final Duration SOON = Duration.ofSeconds(10);

	@RegisterExtension
	static final EtcdClusterExtension etcd = EtcdClusterExtension.members(1);

	private final KeySpace keys = KeySpace.unique();

	private final String name = this.keys.name("lock");

	@AutoClose
	private final Party first = Party.join(etcd.cluster(), Duration.ofSeconds(10));

	@AutoClose
	private final Party second = Party.join(etcd.cluster(), Duration.ofSeconds(10));

	@AutoClose("shutdownNow")
	private final ExecutorService threads = Executors.newCachedThreadPool();

	private long entries() {
		return this.first.client().kv().get(KeyRange.prefix(this.name + "/")).count();
	}

	private void awaitEntries(int number) {
		await().pollDelay(Duration.ZERO)
			.pollInterval(Duration.ofMillis(10))
			.atMost(SOON)
			.until(() -> entries() == number);
	}

	private Thread start(Runnable task) {
		Thread thread = new Thread(task);
		thread.start();
		return thread;
	}

	@Test
	void leavesQueueWhenInterruptedWhileWaiting() {
		EtcdLock held = this.first.lock(this.name);
		held.lock();
		CompletableFuture<String> end = new CompletableFuture<>();
		Thread waiting = start(() -> {
			try {
				this.second.lock(this.name).lockInterruptibly();
				end.complete("locked");
			}
			catch (InterruptedException ex) {
				end.complete("interrupted");
			}
		});
		awaitEntries(2);

		waiting.interrupt();

		assertThat(end).succeedsWithin(SOON).isEqualTo("interrupted");
		awaitEntries(1);
	}

	@Test
	void goesOnWaitingAndKeepsFlagWhenLockIsInterrupted() {
		EtcdLock held = this.first.lock(this.name);
		held.lock();
		CompletableFuture<Boolean> flag = new CompletableFuture<>();
		Thread waiting = start(() -> {
			this.second.lock(this.name).lock();
			flag.complete(Thread.currentThread().isInterrupted());
		});
		awaitEntries(2);
		waiting.interrupt();

		held.unlock();

		assertThat(flag).succeedsWithin(SOON).isEqualTo(true);
	}

	@Test
	void takesFreeLockThoughThreadWasInterruptedBeforeTryLock() {
		for (int i = 0; i < 50; i++) {
			EtcdLock lock = this.first.lock(this.name);
			Thread.currentThread().interrupt();

			boolean taken = lock.tryLock();

			assertThat(Thread.interrupted()).isTrue();
			assertThat(taken).isTrue();
			assertThat(lock.isHeldByCurrentThread()).isTrue();
			lock.unlock();
			awaitEntries(0);
		}
	}

	@Test
	void throwsAtOnceWhenThreadIsInterruptedBefore() {
		Thread.currentThread().interrupt();

		assertThatExceptionOfType(InterruptedException.class)
			.isThrownBy(() -> this.first.lock(this.name).tryLock(1, TimeUnit.SECONDS));
		assertThat(entries()).isZero();
	}

	@Test
	void passesLockOnWhenWaitersOfOneSessionGiveUpInAnyMoment() throws InterruptedException {
		// two of one session take turns here; one that gives up must not keep its turn
		EtcdLock held = this.first.lock(this.name);
		EtcdLock other = this.first.lock(this.name);
		for (int i = 0; i < 200; i++) {
			held.lock();
			long wait = 200 + 25L * (i % 40);
			CompletableFuture<Void> waiting = CompletableFuture.runAsync(() -> tryAndGiveBack(other, wait),
					this.threads);
			held.unlock();
			assertThat(waiting).succeedsWithin(SOON);
			assertThat(held.tryLock(10, TimeUnit.SECONDS)).isTrue();
			held.unlock();
		}
		awaitEntries(0);
	}

	private static void tryAndGiveBack(EtcdLock lock, long micros) {
		try {
			if (lock.tryLock(micros, TimeUnit.MICROSECONDS)) {
				lock.unlock();
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	@Test
	void failsWithinRequestTimeoutWhenClusterIsDown() {
		// tryLock() asks etcd and says so when it cannot
		try (EtcdClient client = EtcdClients.connect(etcd.cluster(), Duration.ofSeconds(1));
				Session session = Session.open(client, Duration.ofSeconds(2))) {
			session.leaseAsync().join();
			EtcdLock lock = EtcdLock.of(session, this.name);
			etcd.cluster().kill();
			await().atMost(SOON).until(() -> session.lease().isEmpty());

			CompletableFuture<Boolean> tried = CompletableFuture.supplyAsync(lock::tryLock, this.threads);

			assertThat(tried).failsWithin(SOON).withThrowableThat().havingCause().isInstanceOf(EtcdException.class);
		}
	}

}
