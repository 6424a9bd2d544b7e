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
	void waitsWhileEtcdctlHoldsTheLock(EtcdCluster cluster) {
		try (RunningQuickstart quickstart = RunningQuickstart.start(cluster);
				EtcdctlProcess holder = cluster.startEtcdctl("lock", "locks/counter")) {
			holder.awaitOutput("locks/counter/", Duration.ofSeconds(5));

			CompletableFuture<Long> call = CompletableFuture.supplyAsync(quickstart::increment);
			Awaitility.await("the call stands in the queue")
				.until(() -> cluster.etcdctl("get", "--prefix", "--keys-only", "locks/counter/")
					.lines()
					.filter((line) -> !line.isBlank())
					.count() == 2);
			Awaitility.await("the call does not proceed")
				.during(Duration.ofSeconds(2))
				.atMost(Duration.ofSeconds(4))
				.until(() -> !call.isDone());

			holder.interrupt();
			assertThat(call.join()).isEqualTo(1);
		}
	}

}
