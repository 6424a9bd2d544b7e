/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.recipes;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

import io.github.etcdspring.KeyRange;
import io.github.etcdspring.KeyValue;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.kv.RangeRequest;
import io.github.etcdspring.kv.RangeRequest.SortTarget;

/**
 * The taking of elements off a queue, whatever their order. Immutable.
 */
final class QueueConsumer {

	private final EtcdClient client;

	private final RangeRequest first;

	QueueConsumer(EtcdClient client, KeyRange elements, SortTarget order) {
		this.client = client;
		this.first = RangeRequest.builder(elements).first(order).keysOnly().build();
	}

	KeyValue dequeue() throws InterruptedException {
		return BlockingWait.awaitKept(dequeueAsync());
	}

	CompletableFuture<KeyValue> dequeueAsync() {
		return Dequeue.waiting(this.client, this.first);
	}

	Optional<KeyValue> dequeue(Duration wait) throws InterruptedException {
		return BlockingWait.awaitKept(dequeueAsync(wait));
	}

	CompletableFuture<Optional<KeyValue>> dequeueAsync(Duration wait) {
		return (wait.isZero() || wait.isNegative()) ? pollAsync() : Dequeue.timed(this.client, this.first, wait);
	}

	Optional<KeyValue> poll() throws InterruptedException {
		return BlockingWait.awaitKept(pollAsync());
	}

	CompletableFuture<Optional<KeyValue>> pollAsync() {
		return Dequeue.ifAny(this.client, this.first);
	}

}
