/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.core;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;

import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.KeyRange;
import io.github.etcdspring.KeyValue;
import io.github.etcdspring.boot.test.cluster.EtcdClusterExtension;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.recipes.EtcdPriorityQueue;
import io.github.etcdspring.recipes.EtcdQueue;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Queues that several clients fill and empty.
 */
class EtcdQueueIntegrationTests {

	private static final Duration SOON = Duration.ofSeconds(10);

	private static final int ELEMENTS = 200;

	@RegisterExtension
	static final EtcdClusterExtension etcd = EtcdClusterExtension.members(1);

	private final KeySpace keys = KeySpace.unique();

	private final String name = this.keys.name("queue");

	@AutoClose
	private final EtcdClient first = EtcdClients.connect(etcd.cluster());

	@AutoClose
	private final EtcdClient second = EtcdClients.connect(etcd.cluster());

	@AutoClose("shutdownNow")
	private final ExecutorService threads = Executors.newCachedThreadPool();

	private final ConcurrentLinkedQueue<String> taken = new ConcurrentLinkedQueue<>();

	private EtcdQueue queue(EtcdClient client) {
		return EtcdQueue.of(client, this.name);
	}

	private EtcdPriorityQueue priorityQueue(EtcdClient client) {
		return EtcdPriorityQueue.of(client, this.name);
	}

	private static String text(KeyValue element) {
		return element.value().toUtf8();
	}

	/** Two clients enqueue and four threads dequeue, until the queue stays empty. */
	private void fillAndEmpty(BiConsumer<EtcdClient, Integer> enqueue, Taking dequeue) {
		List<CompletableFuture<Void>> consumers = IntStream.range(0, 4)
			.mapToObj((i) -> CompletableFuture.runAsync(() -> takeAll((i % 2 == 0) ? this.first : this.second, dequeue),
					this.threads))
			.toList();
		List<CompletableFuture<Void>> producers = List.of(CompletableFuture.runAsync(
				() -> IntStream.range(0, ELEMENTS / 2).forEach((i) -> enqueue.accept(this.first, i)), this.threads),
				CompletableFuture.runAsync(
						() -> IntStream.range(ELEMENTS / 2, ELEMENTS).forEach((i) -> enqueue.accept(this.second, i)),
						this.threads));
		producers.forEach(CompletableFuture::join);
		consumers.forEach(CompletableFuture::join);
	}

	private void takeAll(EtcdClient client, Taking dequeue) {
		try {
			Optional<KeyValue> element = dequeue.take(client);
			while (element.isPresent()) {
				this.taken.add(text(element.get()));
				element = dequeue.take(client);
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	@Test
	void givesEachElementToOneConsumer() {
		fillAndEmpty((client, i) -> queue(client).enqueue(ByteSequence.of("" + i)),
				(client) -> queue(client).dequeue(Duration.ofSeconds(2)));

		assertThat(this.taken)
			.containsExactlyInAnyOrderElementsOf(IntStream.range(0, ELEMENTS).mapToObj(Integer::toString).toList());
		assertThat(this.first.kv().get(KeyRange.prefix(this.name)).count()).isZero();
	}

	@Test
	void givesEachElementOfAnyPriorityToOneConsumer() {
		fillAndEmpty((client, i) -> priorityQueue(client).enqueue(ByteSequence.of("" + i), i % 3),
				(client) -> priorityQueue(client).dequeue(Duration.ofSeconds(2)));

		assertThat(this.taken)
			.containsExactlyInAnyOrderElementsOf(IntStream.range(0, ELEMENTS).mapToObj(Integer::toString).toList());
		assertThat(this.first.kv().get(KeyRange.prefix(this.name)).count()).isZero();
	}

	@Test
	void givesElementsInOrderOfTheirWrites() throws InterruptedException {
		for (int i = 0; i < 20; i++) {
			queue((i % 2 == 0) ? this.first : this.second).enqueue(ByteSequence.of("" + i));
		}

		for (int i = 0; i < 20; i++) {
			assertThat(text(queue(this.first).dequeue())).isEqualTo("" + i);
		}
		assertThat(queue(this.first).poll()).isEmpty();
	}

	@Test
	void givesElementsInOrderOfPriorityAndOfThoseInOrderOfTheirWrites() throws InterruptedException {
		for (int i = 0; i < 12; i++) {
			priorityQueue((i % 2 == 0) ? this.first : this.second).enqueue(ByteSequence.of("" + i), 3 - i % 3);
		}

		for (String expected : List.of("2", "5", "8", "11", "1", "4", "7", "10", "0", "3", "6", "9")) {
			assertThat(text(priorityQueue(this.first).dequeue())).isEqualTo(expected);
		}
	}

	@Test
	void waitsUntilSomebodyEnqueues() {
		CompletableFuture<KeyValue> one = queue(this.first).dequeueAsync();
		CompletableFuture<KeyValue> other = queue(this.second).dequeueAsync();

		queue(this.first).enqueue(ByteSequence.of("a"));
		queue(this.second).enqueue(ByteSequence.of("b"));

		assertThat(one).succeedsWithin(SOON);
		assertThat(other).succeedsWithin(SOON);
		assertThat(List.of(text(one.join()), text(other.join()))).containsExactlyInAnyOrder("a", "b");
	}

	@Test
	void takesWhatWasPutInTheFormatOfGo() throws InterruptedException {
		etcd.cluster().etcdctl("put", this.name + "/1700000000000000009", "first");
		etcd.cluster().etcdctl("put", this.name + "/1700000000000000001", "second");

		assertThat(text(queue(this.first).dequeue())).isEqualTo("first");
		assertThat(text(queue(this.first).dequeue())).isEqualTo("second");
		assertThat(queue(this.first).dequeue(Duration.ofMillis(100))).isEmpty();
	}

	@Test
	void writesInTheFormatOfGo() {
		String key = queue(this.first).enqueue(ByteSequence.of("element")).toUtf8();

		assertThat(key).matches(this.name + "/[0-9]{19}");
		assertThat(etcd.cluster().etcdctl("get", "--prefix", this.name).strip()).isEqualTo(key + "\nelement");
	}

	@Test
	void followsTheSequenceOfGo() throws InterruptedException {
		etcd.cluster().etcdctl("put", "__" + this.name + "/00042", "");
		etcd.cluster().etcdctl("put", this.name + "/00042/0000000000000007", "first");

		assertThat(priorityQueue(this.first).enqueue(ByteSequence.of("second"), 42).toUtf8())
			.isEqualTo(this.name + "/00042/0000000000000008");

		assertThat(etcd.cluster().etcdctl("get", "--prefix", this.name).strip())
			.isEqualTo(this.name + "/00042/0000000000000007\nfirst\n" + this.name + "/00042/0000000000000008\nsecond");
		assertThat(this.first.kv().get("__" + this.name + "/00042").first())
			.hasValueSatisfying((kv) -> assertThat(kv.version()).isEqualTo(2));
		assertThat(text(priorityQueue(this.first).dequeue())).isEqualTo("first");
		assertThat(text(priorityQueue(this.first).dequeue())).isEqualTo("second");
	}

	/** Takes an element by a client. */
	private interface Taking {

		Optional<KeyValue> take(EtcdClient client) throws InterruptedException;

	}

}
