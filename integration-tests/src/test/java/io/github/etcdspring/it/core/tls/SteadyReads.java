/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.core.tls;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.etcdspring.client.EtcdClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Reads a key, one read after the other, until it is closed; fails then if one failed.
 */
final class SteadyReads implements AutoCloseable {

	private final AtomicBoolean stopped = new AtomicBoolean();

	private final AtomicInteger count = new AtomicInteger();

	private final CompletableFuture<Void> end;

	SteadyReads(EtcdClient client, String key) {
		this.end = CompletableFuture.runAsync(() -> {
			while (!this.stopped.get()) {
				client.kv().get(key);
				this.count.incrementAndGet();
			}
		}, client.callbackExecutor());
	}

	/** Returns how many reads have succeeded. */
	int count() {
		return this.count.get();
	}

	/** Waits until so many more reads have begun and succeeded, or one has failed. */
	void awaitMore(int reads) {
		int before = count();
		await().atMost(Duration.ofSeconds(20)).until(() -> count() > before + reads || this.end.isDone());
		assertThat(this.end).isNotCompletedExceptionally();
	}

	@Override
	public void close() {
		this.stopped.set(true);
		assertThat(this.end).succeedsWithin(Duration.ofSeconds(20));
	}

}
