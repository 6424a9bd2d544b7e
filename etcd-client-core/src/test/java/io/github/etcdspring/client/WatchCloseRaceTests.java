/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;

import io.github.etcdspring.EtcdException;
import io.github.etcdspring.KeyRange;
import io.github.etcdspring.fixture.ScriptedCluster;
import io.github.etcdspring.fixture.ScriptedEtcd;
import io.github.etcdspring.watch.Watch;
import io.github.etcdspring.watch.WatchBatch;
import io.github.etcdspring.watch.WatchEvent;
import io.github.etcdspring.watch.WatchIterator;
import io.github.etcdspring.watch.WatchListener;
import io.github.etcdspring.watch.WatchRequest;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static io.github.etcdspring.fixture.Results.resultOf;
import static io.github.etcdspring.fixture.WatchAnswers.canceled;
import static io.github.etcdspring.fixture.WatchAnswers.created;
import static io.github.etcdspring.fixture.WatchAnswers.events;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests of watches that are closed while they tell, a thousand times for each way to use
 * one: the end is the last that is told, and nobody waits for ever (W12).
 */
class WatchCloseRaceTests {

	private static final int RACES = 1000;

	/** How many batches a watch is sent at once. */
	private static final int BATCHES = 10;

	private static final WatchRequest REQUEST = WatchRequest.of(KeyRange.key("key")).from(5);

	@RegisterExtension
	final ScriptedCluster cluster = new ScriptedCluster();

	private final AtomicLong watches = new AtomicLong();

	private final AtomicInteger cancelled = new AtomicInteger();

	private EtcdClient client;

	/** Each watch is created, and told everything, as soon as it is asked for. */
	@BeforeEach
	void connect() {
		ScriptedEtcd member = this.cluster.member();
		member.watch().onMessage((stream, message) -> {
			if (message.hasCancelRequest()) {
				this.cancelled.incrementAndGet();
				stream.send(canceled(message.getCancelRequest().getWatchId(), ""));
				return;
			}
			long id = this.watches.getAndIncrement();
			stream.send(created(id, 100));
			LongStream.range(5, 5 + BATCHES).forEach((revision) -> stream.send(events(id, revision)));
		});
		this.client = this.cluster.client(member);
	}

	/** Every watch that was created is cancelled, and no other. */
	private void assertAllCancelled() {
		await().untilAsserted(() -> assertThat(this.cancelled.longValue()).isEqualTo(this.watches.get()));
	}

	@Test
	void tellsTheEndLastWhenAListenerIsClosed() {
		int inTime = 0;
		for (int i = 0; i < RACES; i++) {
			OrderListener listener = new OrderListener();
			Watch watch = this.client.watch().open(REQUEST, listener);
			int before = i % BATCHES;
			await().pollInSameThread().until(() -> listener.told.size() >= before);

			watch.close();

			resultOf(listener.closed);
			inTime += (listener.told.size() < BATCHES) ? 1 : 0;
			assertThat(watch.isOpen()).isFalse();
			assertThat(listener.told).containsExactlyElementsOf(revisions(listener.told.size()));
			assertThat(listener.ends).hasValue(1);
		}
		assertThat(inTime).as("races that the close won").isPositive();
		assertAllCancelled();
	}

	@Test
	void signalsNoEndWhenASubscriptionIsCancelled() {
		int inTime = 0;
		for (int i = 0; i < RACES; i++) {
			OrderSubscriber subscriber = new OrderSubscriber();
			this.client.watch().publisher(REQUEST).subscribe(subscriber);
			Flow.Subscription subscription = resultOf(subscriber.subscription);
			subscription.request(Long.MAX_VALUE);
			int before = i % BATCHES;
			await().pollInSameThread().until(() -> subscriber.told.size() >= before);

			subscription.cancel();

			List<Long> told = List.copyOf(subscriber.told);
			inTime += (told.size() < BATCHES) ? 1 : 0;
			assertThat(told).containsExactlyElementsOf(revisions(told.size()));
			assertThat(subscriber.ends).hasValue(0);
		}
		assertThat(inTime).as("races that the cancel won").isPositive();
		assertAllCancelled();
	}

	@Test
	void leavesNoReaderWaitingWhenAnIteratorIsClosed() {
		for (int i = 0; i < RACES; i++) {
			WatchIterator iterator = this.client.watch().iterator(REQUEST);
			List<Long> read = Collections.synchronizedList(new ArrayList<>());
			CompletableFuture<Void> reading = CompletableFuture.runAsync(() -> read(iterator, read));
			int before = i % BATCHES;
			await().pollInSameThread().until(() -> read.size() >= before);

			iterator.close();

			resultOf(reading.handle((end, failure) -> true));
			assertThat(read).containsExactlyElementsOf(revisions(read.size()));
			assertThat(iterator.hasNext()).isFalse();
		}
		assertAllCancelled();
	}

	private static void read(WatchIterator iterator, List<Long> read) {
		while (iterator.hasNext()) {
			read.addAll(revisionsOf(((WatchBatch.Events) iterator.next()).events()));
		}
	}

	private static List<Long> revisionsOf(List<WatchEvent> events) {
		return events.stream().map(WatchEvent::revision).toList();
	}

	private static List<Long> revisions(int count) {
		return LongStream.range(5, 5 + count).boxed().toList();
	}

	/** Fails when it is told anything after the end. */
	private static final class OrderListener implements WatchListener {

		private final List<Long> told = Collections.synchronizedList(new ArrayList<>());

		private final AtomicInteger ends = new AtomicInteger();

		private final CompletableFuture<Boolean> closed = new CompletableFuture<>();

		@Override
		public void onEvents(List<WatchEvent> events) {
			if (this.closed.isDone()) {
				this.told.add(-1L);
			}
			this.told.addAll(revisionsOf(events));
		}

		@Override
		public void onClosed(@Nullable EtcdException cause) {
			this.ends.incrementAndGet();
			this.closed.complete(cause == null);
		}

	}

	private static final class OrderSubscriber implements Flow.Subscriber<WatchBatch> {

		private final List<Long> told = Collections.synchronizedList(new ArrayList<>());

		private final AtomicInteger ends = new AtomicInteger();

		private final CompletableFuture<Flow.Subscription> subscription = new CompletableFuture<>();

		@Override
		public void onSubscribe(Flow.Subscription subscription) {
			this.subscription.complete(subscription);
		}

		@Override
		public void onNext(WatchBatch batch) {
			this.told.addAll(revisionsOf(((WatchBatch.Events) batch).events()));
		}

		@Override
		public void onError(Throwable failure) {
			this.ends.incrementAndGet();
		}

		@Override
		public void onComplete() {
			this.ends.incrementAndGet();
		}

	}

}
