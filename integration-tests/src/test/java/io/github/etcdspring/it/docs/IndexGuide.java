/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.docs;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.client.EtcdClientOptions;

/**
 * The snippets of {@code docs/client/index.md}.
 */
final class IndexGuide {

	private IndexGuide() {
	}

	static String greet(String... endpoints) {
		try (EtcdClient client = EtcdClient.create(endpoints)) {
			client.kv().put("greeting", "hello");
			return client.kv().get("greeting").first().orElseThrow().value().toUtf8();
		}
	}

	static CompletableFuture<String> greetLater(EtcdClient client) {
		return client.kv()
			.putAsync("greeting", "hello")
			.thenCompose((put) -> client.kv().getAsync("greeting"))
			.thenApply((found) -> found.first().orElseThrow().value().toUtf8());
	}

	static EtcdClient connect(List<String> endpoints, Executor callbacks) {
		return EtcdClient.create(EtcdClientOptions.builder(endpoints)
			.requestTimeout(Duration.ofSeconds(5))
			.maxInboundMessageSize(32 * 1024 * 1024)
			.callbackExecutor(callbacks)
			.build());
	}

}
