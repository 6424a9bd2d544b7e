/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.contract;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Flow;

import io.github.etcdspring.EtcdClosedException;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.it.core.KeySpace;
import io.github.etcdspring.it.core.history.History;
import io.github.etcdspring.it.core.history.WatchChecker;
import io.github.etcdspring.kv.PutResult;
import io.github.etcdspring.watch.WatchBatch;
import io.github.etcdspring.watch.WatchEvent;
import io.github.etcdspring.watch.WatchIterator;
import io.github.etcdspring.watch.WatchRequest;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * A watch as a publisher and as an iterator.
 */
@Contract
class WatchFacesContractIntegrationTests {

	private static final Duration SOON = Duration.ofSeconds(10);

	private static final int WRITES = 500;

	private final KeySpace keys = KeySpace.unique();

	@AutoClose
	private final EtcdClient client;

	WatchFacesContractIntegrationTests(ContractServer server) {
		this.client = server.connect();
	}

	private long write() {
		List<CompletableFuture<PutResult>> puts = new ArrayList<>();
		for (int i = 0; i < WRITES; i++) {
			puts.add(this.client.kv().putAsync(this.keys.name("k" + i % 10), "v" + i));
		}
		return puts.stream().mapToLong((put) -> put.join().revision()).max().orElseThrow();
	}

	private void assertWhole(long from, long last, List<List<WatchEvent>> told) {
		History history = History.read(this.client, this.keys.range(), from, last);
		assertThat(history.events()).isEqualTo(WRITES);
		assertThat(WatchChecker.objections(history, told)).isEmpty();
	}

	@Test
	void handsOverEveryEventOnceToASubscriberThatAsksForOneBatchAtATime() {
		long from = this.client.kv().get(this.keys.name("k")).revision() + 1;
		OneByOne subscriber = new OneByOne();
		this.client.watch().publisher(WatchRequest.of(this.keys.range()).from(from)).subscribe(subscriber);

		long last = write();

		await().atMost(SOON).until(() -> subscriber.revision() >= last);
		assertWhole(from, last, subscriber.told);
		assertThat(subscriber.failure).isNull();
		this.client.close();
		await().atMost(SOON).until(() -> subscriber.failure instanceof EtcdClosedException);
	}

	@Test
	void givesEveryEventOnceToAThreadThatReads() {
		try (WatchIterator watch = this.client.watch().iterator(WatchRequest.of(this.keys.range()))) {
			long last = write();

			List<List<WatchEvent>> told = new ArrayList<>();
			long revision = 0;
			while (revision < last) {
				Optional<WatchBatch> batch = watch.next(SOON);
				told.add(((WatchBatch.Events) batch.orElseThrow()).events());
				revision = batch.orElseThrow().revision();
			}
			assertWhole(told.get(0).get(0).revision(), last, told);
			assertThat(watch.next(Duration.ofMillis(10))).isEmpty();
			this.client.close();
			assertThatExceptionOfType(EtcdClosedException.class).isThrownBy(watch::hasNext);
		}
	}

	/** Asks for a batch when it has taken one. */
	private static final class OneByOne implements Flow.Subscriber<WatchBatch> {

		private final List<List<WatchEvent>> told = new CopyOnWriteArrayList<>();

		private volatile Flow.@Nullable Subscription subscription;

		private volatile @Nullable Throwable failure;

		long revision() {
			return this.told.isEmpty() ? 0 : last(this.told.get(this.told.size() - 1)).revision();
		}

		private static WatchEvent last(List<WatchEvent> events) {
			return events.get(events.size() - 1);
		}

		@Override
		public void onSubscribe(Flow.Subscription subscription) {
			this.subscription = subscription;
			subscription.request(1);
		}

		@Override
		public void onNext(WatchBatch batch) {
			this.told.add(((WatchBatch.Events) batch).events());
			Flow.Subscription subscription = this.subscription;
			if (subscription != null) {
				subscription.request(1);
			}
		}

		@Override
		public void onError(Throwable failure) {
			this.failure = failure;
		}

		@Override
		public void onComplete() {
			throw new IllegalStateException("a watch does not complete");
		}

	}

}
