/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.core;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

import io.github.etcdspring.boot.test.cluster.EtcdClusterExtension;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.lease.KeepAlive;
import io.github.etcdspring.watch.Watch;
import io.github.etcdspring.watch.WatchEvent;
import io.github.etcdspring.watch.WatchRequest;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Ten thousand watches, and ten thousand leases, of one client (W12, R5).
 */
class StreamScaleIntegrationTests {

	private static final int MANY = 10_000;

	private static final int AT_A_TIME = 64;

	private static final Duration LONG = Duration.ofSeconds(30);

	private static final String WATCHERS = "etcd_debugging_mvcc_watcher_total";

	private static final String STREAMS = "etcd_debugging_mvcc_watch_stream_total";

	@RegisterExtension
	static final EtcdClusterExtension etcd = EtcdClusterExtension.members(1);

	private final KeySpace keys = KeySpace.unique();

	@AutoClose
	private final EtcdClient client = EtcdClients.connect(etcd.cluster());

	private static double metric(String name, String label) {
		return ServerMetrics.sum(etcd.cluster().member(0), name, label);
	}

	private Duration since(long begin) {
		return Duration.ofNanos(this.client.ticker().nanoTime() - begin);
	}

	/** Does as many as there are, not all at once, and waits for all of them. */
	private static <T> List<T> many(IntFunction<CompletableFuture<T>> operation) {
		Semaphore turns = new Semaphore(AT_A_TIME);
		List<CompletableFuture<T>> begun = new ArrayList<>();
		for (int i = 0; i < MANY; i++) {
			turns.acquireUninterruptibly();
			CompletableFuture<T> future = operation.apply(i);
			future.whenComplete((result, failure) -> turns.release());
			begun.add(future);
		}
		return begun.stream().map(CompletableFuture::join).toList();
	}

	/**
	 * A handful, for all clients of this process: gRPC shares its event loops, and keeps
	 * the threads of its executor for a while.
	 */
	private static void assertFewThreadsServe() {
		assertThat(ProcessFigures.servingThreads())
			.hasSizeLessThanOrEqualTo(4 * Runtime.getRuntime().availableProcessors() + 2);
	}

	@Test
	void servesAllWatchesOnOneStream() {
		this.client.kv().get(this.keys.range());
		double started = metric("grpc_server_started_total", "grpc_method=\"Watch\"");
		Set<String> told = ConcurrentHashMap.newKeySet();
		long heapBefore = ProcessFigures.retainedHeap();
		long begin = this.client.ticker().nanoTime();

		List<Watch> watches = many((i) -> this.client.watch()
			.openAsync(WatchRequest.of(this.keys.only("k" + i)),
					(events) -> events.forEach((event) -> told.add(i + " " + describe(event)))));
		await().atMost(LONG).until(() -> metric(WATCHERS, "") == MANY);

		Duration established = since(begin);
		int callbacks = ProcessFigures.callbackThreads().size();
		long heap = ProcessFigures.retainedHeap() - heapBefore;
		System.out.printf("%d watches: established in %d ms, %.0f streams, %d B of heap each, %d + %d threads%n", MANY,
				established.toMillis(), metric(STREAMS, ""), heap / MANY, ProcessFigures.servingThreads().size(),
				callbacks);
		assertThat(metric("grpc_server_started_total", "grpc_method=\"Watch\"") - started).isOne();
		assertThat(metric(STREAMS, "")).isOne();
		assertFewThreadsServe();
		assertThat(heap / MANY).isLessThan(4096);
		List<Integer> some = IntStream.range(0, 100).map((i) -> i * (MANY / 100) + i % 3).boxed().toList();
		some.forEach((i) -> this.client.kv().put(this.keys.name("k" + i), "v" + i));
		await().atMost(LONG).until(() -> told.size() >= some.size());
		assertThat(told).containsExactlyInAnyOrderElementsOf(
				some.stream().map((i) -> i + " " + this.keys.name("k" + i) + " v" + i).toList());
		assertThat(watches).allMatch(Watch::isOpen);
	}

	private static String describe(WatchEvent event) {
		return event.key().toUtf8() + " " + ((WatchEvent.Put) event).kv().value().toUtf8();
	}

	@Test
	void keepsAllLeasesAliveOnOneStream() {
		Duration ttl = Duration.ofSeconds(6);
		String stream = "grpc_method=\"LeaseKeepAlive\"";
		double startedBefore = metric("grpc_server_started_total", stream);
		long begin = this.client.ticker().nanoTime();

		List<KeepAlive> kept = many(
				(i) -> this.client.lease().grantAsync(ttl).thenApply(this.client.lease()::keepAlive));

		Duration granted = since(begin);
		double messagesBefore = metric("grpc_server_msg_received_total", stream);
		Duration cpuBefore = ProcessFigures.cpu();
		long holding = this.client.ticker().nanoTime();
		// long enough for the threads that took the grants to be gone, too
		await().atMost(LONG)
			.until(() -> since(holding).compareTo(ttl.plusSeconds(2)) > 0
					&& ProcessFigures.callbackThreads().isEmpty());
		Duration held = since(holding);
		Duration cpu = ProcessFigures.cpu().minus(cpuBefore);
		double messages = metric("grpc_server_msg_received_total", stream) - messagesBefore;

		List<String> threads = ProcessFigures.servingThreads();
		System.out.printf(
				"%d leases: granted in %d ms, held for %d ms with %.0f messages a second, %d ms of CPU a second, %d threads%n",
				MANY, granted.toMillis(), held.toMillis(), messages * 1000 / held.toMillis(),
				cpu.toMillis() * 1000 / held.toMillis(), threads.size());
		assertThat(kept).allMatch(KeepAlive::isAlive);
		assertThat(this.client.lease().leases().leases().size()).isGreaterThanOrEqualTo(MANY);
		assertThat(metric("grpc_server_started_total", stream) - startedBefore).isOne();
		// one each third of the TTL: none is forgotten, and there is no storm
		double due = (double) MANY * held.toMillis() / ttl.dividedBy(3).toMillis();
		assertThat(messages).isBetween(due * 0.5, due * 1.3);
		assertFewThreadsServe();
	}

}
