/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.docs;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import io.github.etcdspring.boot.test.cluster.EtcdClusterExtension;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.it.core.EtcdClients;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Runs {@link IndexGuide}.
 */
class IndexGuideIntegrationTests {

	private static final Duration SOON = Duration.ofSeconds(10);

	@RegisterExtension
	static final EtcdClusterExtension etcd = EtcdClusterExtension.members(1);

	@Test
	void greets() {
		assertThat(IndexGuide.greet(etcd.cluster().endpoints().toArray(String[]::new))).isEqualTo("hello");
	}

	@Test
	void greetsLater() {
		try (EtcdClient client = EtcdClients.connect(etcd.cluster())) {
			assertThat(IndexGuide.greetLater(client)).succeedsWithin(SOON).isEqualTo("hello");
		}
	}

	@Test
	void runsCallbacksOnTheExecutorGiven() {
		ExecutorService callbacks = Executors.newCachedThreadPool((task) -> new Thread(task, "mine"));
		try (EtcdClient client = IndexGuide.connect(etcd.cluster().endpoints(), callbacks)) {
			assertThat(client.kv().put("k", "v").revision()).isPositive();
			assertThat(CompletableFuture.supplyAsync(() -> Thread.currentThread().getName(), client.callbackExecutor()))
				.succeedsWithin(SOON)
				.isEqualTo("mine");
		}
		finally {
			callbacks.shutdown();
		}
	}

}
