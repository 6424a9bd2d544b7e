/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.core;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.CompactedException;
import io.github.etcdspring.boot.test.cluster.EtcdClusterExtension;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.it.core.history.History;
import io.github.etcdspring.it.core.history.RecordingListener;
import io.github.etcdspring.it.core.history.WatchChecker;
import io.github.etcdspring.kv.CompactRequest;
import io.github.etcdspring.kv.PutRequest;
import io.github.etcdspring.kv.TxnOperation;
import io.github.etcdspring.watch.WatchEvent;
import io.github.etcdspring.watch.WatchRequest;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Watches that are far behind: because they start in the past, or since their listener is
 * slow (W10, W11).
 */
class WatchBacklogIntegrationTests {

	private static final Duration LONG = Duration.ofSeconds(30);

	@RegisterExtension
	static final EtcdClusterExtension etcd = EtcdClusterExtension.members(1);

	private final KeySpace keys = KeySpace.unique();

	@AutoClose
	private final EtcdClient client = EtcdClients.connect(etcd.cluster());

	/** Writes four keys at each revision, together so large that they fill fragments. */
	private Written write(int revisions, int bytes) {
		long first = 0;
		long last = 0;
		for (int i = 0; i < revisions; i++) {
			ByteSequence value = ByteSequence.copyOf(new byte[bytes]).concat("" + i);
			TxnOperation[] puts = IntStream.range(0, 4)
				.mapToObj((key) -> PutRequest.of(this.keys.key("k" + key), value))
				.toArray(TxnOperation[]::new);
			last = this.client.kv().txn().then(puts).commit().revision();
			first = (i == 0) ? last : first;
		}
		return new Written(first, last);
	}

	/**
	 * Waits until the server has been told to forget a watch, since its buffer is full.
	 */
	private static void awaitPause(BlockingListener listener) {
		listener.awaitCall();
		await().atMost(LONG)
			.until(() -> ServerMetrics.sum(etcd.cluster().member(0), "etcd_debugging_mvcc_watcher_total", "") == 0);
	}

	private void assertToldOnce(Written written, RecordingListener listener) {
		listener.awaitRevision(written.last(), LONG);
		History history = History.read(this.client, this.keys.range(), written.first(), written.last());
		assertThat(history.events()).isEqualTo((written.last() - written.first() + 1) * 4);
		assertThat(WatchChecker.objections(history, listener.calls())).isEmpty();
	}

	@Test
	void tellsEverythingWhenBacklogIsLargerThanMessagesMayBe() {
		Written written = write(60, 100_000);
		RecordingListener listener = new RecordingListener();

		this.client.watch().open(WatchRequest.of(this.keys.range()).from(written.first()), listener);

		assertToldOnce(written, listener);
	}

	@Test
	void tellsEverythingOnceWhenListenerIsSlowAndBacklogComesInFragments() {
		// more than the listener's buffer, with fragments that end within a revision
		Written written = write(120, 100_000);
		BlockingListener listener = new BlockingListener();
		this.client.watch().open(WatchRequest.of(this.keys.range()).from(written.first()), listener);
		awaitPause(listener);
		RecordingListener other = new RecordingListener();
		this.client.watch().open(WatchRequest.of(this.keys.range()).from(written.first()), other);
		other.awaitRevision(written.last(), LONG);

		listener.release();

		assertToldOnce(written, listener);
		assertToldOnce(written, other);
	}

	@Test
	void endsWhenListenerIsSoSlowThatItsPlaceIsCompacted() {
		Written written = write(120, 100_000);
		BlockingListener listener = new BlockingListener();
		this.client.watch().open(WatchRequest.of(this.keys.range()).from(written.first()), listener);
		awaitPause(listener);
		RecordingListener other = new RecordingListener();
		this.client.watch().open(WatchRequest.of(this.keys.range()).from(written.first()), other);
		other.awaitRevision(written.last(), LONG);

		this.client.kv().compact(CompactRequest.of(written.last()));
		listener.release();
		listener.awaitClosed();

		assertThat(listener.cause()).containsInstanceOf(CompactedException.class);
		// what it was told before has no gap
		assertThat(listener.events().stream().map(WatchEvent::revision).distinct()).isNotEmpty()
			.satisfies((revisions) -> assertThat(revisions)
				.isEqualTo(java.util.stream.LongStream.range(written.first(), written.first() + revisions.size())
					.boxed()
					.toList()));
	}

	/** What was written. */
	private record Written(long first, long last) {
	}

	/** Blocks in its first call until it is let go. */
	private static final class BlockingListener extends RecordingListener {

		private final CountDownLatch called = new CountDownLatch(1);

		private final CountDownLatch released = new CountDownLatch(1);

		@Override
		public void onEvents(List<WatchEvent> events) {
			this.called.countDown();
			awaitDown(this.released);
			super.onEvents(events);
		}

		private static void awaitDown(CountDownLatch latch) {
			try {
				assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		}

		void awaitCall() {
			awaitDown(this.called);
		}

		void release() {
			this.released.countDown();
		}

	}

}
