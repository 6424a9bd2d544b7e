/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.core;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import io.github.etcdspring.EtcdClosedException;
import io.github.etcdspring.EtcdException;
import io.github.etcdspring.Outcome;
import io.github.etcdspring.boot.test.cluster.EtcdClusterExtension;
import io.github.etcdspring.boot.test.cluster.EtcdMember;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.kv.PutResult;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

/**
 * Calls while a member hangs: its process is stopped, its connections stand (C3, C5, C8).
 */
class HungMemberIntegrationTests {

	private static final int CALLS = 1_000;

	private static final int WORKERS = 8;

	private static final Duration TIMEOUT = Duration.ofSeconds(5);

	/** What a busy machine may take to notice that the time is up. */
	private static final Duration GRACE = Duration.ofMillis(200);

	@RegisterExtension
	static final EtcdClusterExtension etcd = EtcdClusterExtension.members(3);

	private final KeySpace keys = KeySpace.unique();

	@AutoClose
	private final EtcdClient client = EtcdClients.connect(etcd.cluster(), TIMEOUT);

	private final Queue<Call> calls = new ConcurrentLinkedQueue<>();

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void losesOneCallInAHundredAtMostWhileAMemberHangs(boolean leader) throws Exception {
		connectToAll();
		EtcdMember hung = leader ? etcd.cluster().leader() : follower();
		AtomicInteger next = new AtomicInteger();
		ExecutorService workers = Executors.newFixedThreadPool(WORKERS);

		hung.pause();
		List<Future<?>> work = IntStream.range(0, WORKERS).<Future<?>>mapToObj((i) -> workers.submit(() -> {
			for (int number = next.getAndIncrement(); number < CALLS; number = next.getAndIncrement()) {
				call(number);
			}
		})).toList();
		for (Future<?> each : work) {
			each.get();
		}
		workers.shutdown();

		List<EtcdException> failures = this.calls.stream().flatMap((call) -> call.failure().stream()).toList();
		Duration longest = this.calls.stream().map(Call::taken).max(Duration::compareTo).orElseThrow();
		System.out.printf("hung %s: %d calls, %d ok, %d failed, longest %d ms; failures: %s%n",
				leader ? "leader" : "follower", this.calls.size(), CALLS - failures.size(), failures.size(),
				longest.toMillis(), failures.stream().map(Throwable::getMessage).toList());
		assertThat(this.calls).hasSize(CALLS);
		assertThat(longest).isLessThanOrEqualTo(TIMEOUT.plus(GRACE));
		assertThat(failures).hasSizeLessThanOrEqualTo(CALLS / 100)
			.allSatisfy((failure) -> assertThat(failure.outcome()).isEqualTo(Outcome.UNKNOWN));
	}

	@Test
	void failsAThousandCallsWithinASecondWhenClosedWhileAMemberHangs() {
		EtcdMember hung = follower();
		EtcdClient closed = EtcdClients.connectTo(hung);
		closed.kv().get(this.keys.name("k"));
		hung.pause();
		List<CompletableFuture<PutResult>> calls = IntStream.range(0, CALLS)
			.mapToObj((i) -> closed.kv().putAsync(this.keys.name("k" + i), "v"))
			.toList();
		long begin = System.nanoTime();

		closed.close();

		await().atMost(Duration.ofSeconds(1)).until(() -> calls.stream().allMatch(CompletableFuture::isDone));
		System.out.printf("closed with %d calls under way in %d ms%n", CALLS, (System.nanoTime() - begin) / 1_000_000);
		assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(1));
		assertThat(calls)
			.allSatisfy((call) -> assertThatThrownBy(call::join).hasCauseInstanceOf(EtcdClosedException.class));
		this.client.close();
		await("end of all threads").atMost(Duration.ofSeconds(5)).untilAsserted(() -> assertThat(threads()).isEmpty());
	}

	private void connectToAll() {
		for (EtcdMember member : etcd.cluster().members()) {
			double before = reads(member);
			await("a read at " + member).until(() -> {
				this.client.kv().get(this.keys.name("k"));
				return reads(member) > before;
			});
		}
	}

	private static double reads(EtcdMember member) {
		return ServerMetrics.sum(member, "grpc_server_handled_total", "grpc_method=\"Range\"");
	}

	private void call(int number) {
		String key = this.keys.name("k" + number % WORKERS);
		long begin = System.nanoTime();
		EtcdException failure = null;
		try {
			if (number % 2 == 0) {
				this.client.kv().put(key, "v" + number);
			}
			else {
				this.client.kv().get(key);
			}
		}
		catch (EtcdException ex) {
			failure = ex;
		}
		this.calls.add(new Call(Duration.ofNanos(System.nanoTime() - begin), Optional.ofNullable(failure)));
	}

	private static EtcdMember follower() {
		EtcdMember leader = etcd.cluster().leader();
		return etcd.cluster().members().stream().filter((member) -> member != leader).findFirst().orElseThrow();
	}

	/** Those of clients, and those that gRPC shares among channels. */
	private static List<String> threads() {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.map(Thread::getName)
			.filter((name) -> name.startsWith("etcd-client-") || name.startsWith("grpc-"))
			.toList();
	}

	/** A call that has ended. */
	record Call(Duration taken, Optional<EtcdException> failure) {

	}

}
