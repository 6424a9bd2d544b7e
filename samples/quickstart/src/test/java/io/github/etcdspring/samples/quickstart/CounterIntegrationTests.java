/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.samples.quickstart;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.LongStream;

import io.github.etcdspring.boot.test.cluster.EtcdCluster;
import io.github.etcdspring.boot.test.cluster.EtcdClusterExtension;
import io.github.etcdspring.boot.test.cluster.EtcdctlProcess;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The counter under its lock.
 */
class CounterIntegrationTests {

	@RegisterExtension
	static final EtcdClusterExtension etcd = EtcdClusterExtension.members(3);

	private static final int CALLS = 200;

	@BeforeEach
	void forgetCounter(EtcdCluster cluster) {
		cluster.etcdctl("del", "quickstart/counter");
	}

	@Test
	void returnsEachNumberOnceWhenTwoInstancesCountInParallel(EtcdCluster cluster) {
		ExecutorService callers = Executors.newFixedThreadPool(CALLS);
		try (RunningQuickstart one = RunningQuickstart.start(cluster);
				RunningQuickstart two = RunningQuickstart.start(cluster)) {
			List<CompletableFuture<Long>> calls = new ArrayList<>();
			for (int i = 0; i < CALLS; i++) {
				RunningQuickstart instance = (i % 2 == 0) ? one : two;
				calls.add(CompletableFuture.supplyAsync(instance::increment, callers));
			}

			List<Long> numbers = calls.stream().map(CompletableFuture::join).toList();

			assertThat(numbers).containsExactlyInAnyOrderElementsOf(LongStream.rangeClosed(1, CALLS).boxed().toList());
			assertThat(cluster.etcdctl("get", "--print-value-only", "quickstart/counter")).isEqualTo("" + CALLS);
			assertThat(cluster.etcdctl("get", "--prefix", "--keys-only", "locks/counter/")).isBlank();
		}
		finally {
			callers.shutdownNow();
		}
	}

	@Test
	void noCallProceedsWhileEtcdctlHoldsTheLock(EtcdCluster cluster) {
		ExecutorService callers = Executors.newCachedThreadPool();
		try (RunningQuickstart one = RunningQuickstart.start(cluster);
				RunningQuickstart two = RunningQuickstart.start(cluster);
				EtcdctlProcess holder = cluster.startEtcdctl("lock", "locks/counter")) {
			holder.awaitOutput("locks/counter/", Duration.ofSeconds(5));

			List<CompletableFuture<Long>> calls = new ArrayList<>();
			for (int i = 0; i < 6; i++) {
				RunningQuickstart instance = (i % 2 == 0) ? one : two;
				calls.add(CompletableFuture.supplyAsync(instance::increment, callers));
			}
			// one call of each instance, the others behind it within their process
			Awaitility.await("both instances stand in the queue")
				.until(() -> cluster.etcdctl("get", "--prefix", "--keys-only", "locks/counter/")
					.lines()
					.filter((line) -> !line.isBlank())
					.count() == 3);
			Throughout.holds(Duration.ofSeconds(2), "no call proceeds",
					() -> calls.stream().noneMatch(CompletableFuture::isDone)
							&& cluster.etcdctl("get", "quickstart/counter").isEmpty());

			holder.interrupt();
			assertThat(calls.stream().map(CompletableFuture::join)).containsExactlyInAnyOrder(1L, 2L, 3L, 4L, 5L, 6L);
		}
		finally {
			callers.shutdownNow();
		}
	}

}
