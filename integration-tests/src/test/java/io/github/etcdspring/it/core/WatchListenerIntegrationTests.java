/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.core;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

import io.github.etcdspring.boot.test.cluster.EtcdClusterExtension;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.it.core.history.RecordingListener;
import io.github.etcdspring.watch.Watch;
import io.github.etcdspring.watch.WatchEvent;
import io.github.etcdspring.watch.WatchRequest;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * How a watch treats its listener (P2, W12).
 */
class WatchListenerIntegrationTests {

	private static final Duration SOON = Duration.ofSeconds(10);

	@RegisterExtension
	static final EtcdClusterExtension etcd = EtcdClusterExtension.members(1);

	private final KeySpace keys = KeySpace.unique();

	private final RecordingListener listener = new RecordingListener();

	@AutoClose
	private final EtcdClient client = EtcdClients.connect(etcd.cluster());

	private long put(String name, String value) {
		return this.client.kv().put(this.keys.name(name), value).revision();
	}

	private Watch open(WatchRequest request) {
		return this.client.watch().open(request, this.listener);
	}

	/** Returns each event as key and value, a deletion with a minus. */
	private List<String> told() {
		return this.listener.events().stream().map((event) -> this.keys.strip(event.key()) + value(event)).toList();
	}

	private static String value(WatchEvent event) {
		return (event instanceof WatchEvent.Put put) ? put.kv().value().toUtf8() : "-";
	}

	@Test
	void tellsEachWatchItsOwnWhenThereAreHundred() {
		List<RecordingListener> listeners = Stream.generate(RecordingListener::new).limit(100).toList();
		for (int i = 0; i < 100; i++) {
			this.client.watch().open(WatchRequest.of(this.keys.only("k" + i)), listeners.get(i));
		}

		for (int i = 0; i < 100; i++) {
			long revision = put("k" + i, "v");
			listeners.get(i).awaitRevision(revision, SOON);
		}

		assertThat(listeners).allSatisfy((recorded) -> assertThat(recorded.events()).hasSize(1));
	}

	@Test
	void tellsNothingMoreWhenClosed() {
		Watch watch = open(WatchRequest.of(this.keys.range()));
		long first = put("k", "1");
		this.listener.awaitRevision(first, SOON);

		watch.close();
		this.listener.awaitClosed();
		RecordingListener other = new RecordingListener();
		this.client.watch().open(WatchRequest.of(this.keys.range()), other);
		other.awaitRevision(put("k", "2"), SOON);

		assertThat(told()).containsExactly("k1");
		assertThat(this.listener.cause()).isEmpty();
		assertThat(watch.isOpen()).isFalse();
	}

	@Test
	void endsWithoutCauseWhenClientIsClosed() {
		Watch watch = open(WatchRequest.of(this.keys.range()));

		this.client.close();

		this.listener.awaitClosed();
		assertThat(this.listener.cause()).isEmpty();
		assertThat(watch.isOpen()).isFalse();
	}

	@Test
	void goesOnWhenListenerThrows() {
		// W12
		AtomicInteger calls = new AtomicInteger();
		this.client.watch().open(WatchRequest.of(this.keys.range()), (events) -> {
			calls.addAndGet(events.size());
			throw new IllegalStateException("thrown by a test");
		});

		for (int i = 0; i < 3; i++) {
			put("k", "" + i);
		}

		await().atMost(SOON).until(() -> calls.get() == 3);
	}

	@Test
	void delaysNoOtherWatchWhenListenerBlocks() throws InterruptedException {
		// W12
		CountDownLatch blocked = new CountDownLatch(1);
		CountDownLatch release = new CountDownLatch(1);
		this.client.watch().open(WatchRequest.of(this.keys.range()), (events) -> {
			blocked.countDown();
			awaitQuietly(release);
		});
		open(WatchRequest.of(this.keys.range()));
		put("k", "1");
		assertThat(blocked.await(10, TimeUnit.SECONDS)).isTrue();

		long last = put("k", "2");

		this.listener.awaitRevision(last, SOON);
		release.countDown();
	}

	private static void awaitQuietly(CountDownLatch latch) {
		try {
			latch.await(30, TimeUnit.SECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	@Test
	void opensAsynchronouslyWhenAsked() {
		assertThat(this.client.watch().openAsync(WatchRequest.of(this.keys.range()), this.listener))
			.succeedsWithin(SOON);

		this.listener.awaitRevision(put("k", "1"), SOON);
	}

}
