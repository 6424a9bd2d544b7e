/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.core;

import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

import io.github.etcdspring.EtcdException;
import io.github.etcdspring.boot.test.cluster.EtcdClusterExtension;
import io.github.etcdspring.cache.RangeCache;
import io.github.etcdspring.client.ConnectionState;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.it.core.history.RecordingListener;
import io.github.etcdspring.lock.EtcdLock;
import io.github.etcdspring.session.Session;
import io.github.etcdspring.session.SessionState;
import io.github.etcdspring.watch.WatchRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * The client itself: how it begins, how it gets over an outage, how it ends (P8, P9, C8).
 */
// the lock itself is what is tested: it is not always given back
@SuppressWarnings("LockNotBeforeTry")
class EtcdClientIntegrationTests {

	private static final Duration SOON = Duration.ofSeconds(10);

	@RegisterExtension
	static final EtcdClusterExtension etcd = EtcdClusterExtension.members(1);

	private final KeySpace keys = KeySpace.unique();

	private static List<String> ownThreads() {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.map(Thread::getName)
			.filter((name) -> name.startsWith("etcd-client-"))
			.toList();
	}

	@Test
	void doesNoInputOrOutputWhenCreated() throws Exception {
		try (ServerSocket nobody = new ServerSocket(0)) {
			nobody.setSoTimeout(300);
			try (EtcdClient client = EtcdClient.create("127.0.0.1:" + nobody.getLocalPort())) {
				assertThat(client.connectionState()).isEqualTo(ConnectionState.IDLE);

				assertThatExceptionOfType(SocketTimeoutException.class).isThrownBy(nobody::accept);
			}
		}
	}

	@Test
	void tellsConnectionStateWhenClusterComesAndGoes() {
		EtcdClient client = EtcdClients.connect(etcd.cluster());
		assertThat(client.connectionState()).isEqualTo(ConnectionState.IDLE);

		client.kv().get(this.keys.name("k"));
		assertThat(client.connectionState()).isEqualTo(ConnectionState.CONNECTED);

		etcd.cluster().kill();
		CompletableFuture<?> waiting = client.kv().getAsync(this.keys.name("k"));
		await().atMost(SOON).until(() -> client.connectionState() == ConnectionState.DISCONNECTED);

		etcd.cluster().restart();
		await().atMost(SOON).until(() -> client.connectionState() == ConnectionState.CONNECTED);
		assertThat(waiting).succeedsWithin(SOON);

		client.close();
		assertThat(client.connectionState()).isEqualTo(ConnectionState.CLOSED);
	}

	@Test
	void doesEverythingAgainSoonWhenMemberWasDownForLong() {
		// P8
		RecordingListener listener = new RecordingListener();
		try (EtcdClient client = EtcdClients.connect(etcd.cluster());
				Session session = Session.open(client, Duration.ofSeconds(2))) {
			client.watch().open(WatchRequest.of(this.keys.range()), listener);
			session.leaseAsync().join();
			listener.awaitRevision(client.kv().put(this.keys.name("k"), "before").revision(), SOON);
			etcd.cluster().kill();
			long killed = client.ticker().nanoTime();
			await().atMost(Duration.ofSeconds(40))
				.until(() -> client.ticker().nanoTime() - killed > Duration.ofSeconds(20).toNanos());

			etcd.cluster().restart();
			long serving = client.ticker().nanoTime();

			EtcdLock lock = EtcdLock.of(session, this.keys.name("lock"));
			ExecutorService threads = Executors.newCachedThreadPool();
			List<CompletableFuture<Long>> works = new ArrayList<>();
			works.add(CompletableFuture.runAsync(() -> client.kv().get(this.keys.name("k")), threads)
				.thenApply((done) -> client.ticker().nanoTime()));
			works.add(CompletableFuture.runAsync(() -> putUntilWritten(client), threads)
				.thenApply((done) -> client.ticker().nanoTime()));
			works.add(CompletableFuture
				.runAsync(() -> await().atMost(SOON).until(() -> listener.calls().size() >= 2), threads)
				.thenApply((done) -> client.ticker().nanoTime()));
			works.add(CompletableFuture
				.runAsync(() -> await().atMost(SOON).until(() -> session.state() == SessionState.ACTIVE), threads)
				.thenApply((done) -> client.ticker().nanoTime()));
			works.add(CompletableFuture.runAsync(lock::lock, threads).thenApply((done) -> client.ticker().nanoTime()));
			List<Long> millis = works.stream()
				.map((work) -> TimeUnit.NANOSECONDS.toMillis(work.join() - serving))
				.toList();
			threads.shutdownNow();

			System.out.printf("recovery after 20 s: get, put, watch, session, lock work after %s ms%n", millis);
			assertThat(millis).allSatisfy((after) -> assertThat(after).isLessThan(5_000));
		}
	}

	private void putUntilWritten(EtcdClient client) {
		await().atMost(SOON).ignoreExceptionsInstanceOf(EtcdException.class).until(() -> {
			client.kv().put(this.keys.name("k"), "after");
			return true;
		});
	}

	@Test
	void leavesNoThreadWhenClosed() {
		// P9
		EtcdClient client = EtcdClients.connect(etcd.cluster());
		Session session = Session.open(client, Duration.ofSeconds(5));
		EtcdLock lock = EtcdLock.of(session, this.keys.name("lock"));
		lock.lock();
		RangeCache cache = RangeCache.open(client, this.keys.range());
		cache.ready().join();
		client.watch().open(WatchRequest.of(this.keys.range()), new RecordingListener());
		assertThat(ownThreads()).isNotEmpty();

		cache.close();
		session.close();
		client.close();

		await().atMost(SOON).until(() -> ownThreads().isEmpty());
	}

	@Test
	void leavesNoThreadWhenClosedWhileNothingElseIs() {
		// P9
		EtcdClient client = EtcdClients.connect(etcd.cluster());
		Session session = Session.open(client, Duration.ofSeconds(5));
		session.leaseAsync().join();
		RangeCache.open(client, this.keys.range()).ready().join();
		client.watch().open(WatchRequest.of(this.keys.range()), new RecordingListener());

		client.close();

		await().atMost(SOON).until(() -> ownThreads().isEmpty());
		assertThat(session.state()).isEqualTo(SessionState.CLOSED);
	}

	@Test
	void leavesNoThreadWhenClosedWhileClusterIsPaused() {
		// C8
		EtcdClient client = EtcdClients.connect(etcd.cluster());
		client.kv().get(this.keys.name("k"));
		etcd.cluster().member(0).pause();
		CompletableFuture<?> call = client.kv().getAsync(this.keys.name("k"));
		long begin = client.ticker().nanoTime();

		client.close();

		assertThat(Duration.ofNanos(client.ticker().nanoTime() - begin)).isLessThan(Duration.ofSeconds(4));
		assertThat(call).failsWithin(SOON);
		await().atMost(SOON).until(() -> ownThreads().isEmpty());
	}

	@Test
	void leavesNoThreadWhenManyAreOpenedAndClosed() {
		// C8
		int before = Thread.activeCount();
		for (int i = 0; i < 50; i++) {
			try (EtcdClient client = EtcdClients.connect(etcd.cluster())) {
				client.kv().put(this.keys.name("k"), "" + i);
			}
		}

		await().atMost(SOON).until(() -> ownThreads().isEmpty());
		// those of gRPC, shared by all clients, go a second after the last one
		await().atMost(SOON).until(() -> Thread.activeCount() < before + 10);
	}

}
