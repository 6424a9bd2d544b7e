/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.etcdspring.EtcdException;
import io.github.etcdspring.KeyRange;
import io.github.etcdspring.ListenerFailedException;
import io.github.etcdspring.fixture.RecordingListener;
import io.github.etcdspring.fixture.ScriptedCluster;
import io.github.etcdspring.fixture.ScriptedEtcd;
import io.github.etcdspring.watch.Watch;
import io.github.etcdspring.watch.WatchEvent;
import io.github.etcdspring.watch.WatchListener;
import io.github.etcdspring.watch.WatchRequest;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static io.github.etcdspring.fixture.WatchAnswers.created;
import static io.github.etcdspring.fixture.WatchAnswers.events;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests of what becomes of a watch whose listener throws (W12).
 */
class WatchFailingListenerTests {

	private final IllegalStateException failure = new IllegalStateException("thrown on purpose");

	@RegisterExtension
	final ScriptedCluster cluster = new ScriptedCluster();

	private final RecordingListener listener = new RecordingListener();

	private final RecordingListener other = new RecordingListener();

	@Test
	void endsWhenItsListenerDoesNotGoOnAndLeavesOthersAlone() {
		ScriptedEtcd member = this.cluster.member();
		EtcdClient client = this.cluster.client(member);
		this.listener.failWith(this.failure).stopAfterFailure();
		Watch watch = client.watch().open(WatchRequest.of(KeyRange.key("a")).from(5), this.listener);
		client.watch().open(WatchRequest.of(KeyRange.key("b")).from(5), this.other);
		var stream = member.watch().awaitStream(0);
		stream.awaitMessage(0);
		stream.send(created(0, 100));
		stream.awaitMessage(1);
		stream.send(created(1, 100));

		stream.send(events(0, 5));

		this.listener.awaitCalls("events [5]", "closed by ListenerFailedException");
		assertThat(watch.isOpen()).isFalse();
		assertThat(this.listener.causes()).singleElement()
			.isInstanceOf(ListenerFailedException.class)
			.satisfies((end) -> assertThat(end).hasCause(this.failure)
				.hasMessageContaining("its listener failed: " + this.failure));
		assertThat(stream.awaitMessage(2).getCancelRequest().getWatchId()).isZero();
		stream.send(events(0, 6));
		stream.send(events(1, 6));
		this.other.awaitCalls("events [6]");
		assertThat(this.listener.calls()).hasSize(2);
	}

	@Test
	void goesOnThroughAThousandFailures() {
		ScriptedEtcd member = this.cluster.member();
		this.listener.failWith(this.failure);
		this.cluster.client(member).watch().open(WatchRequest.of(KeyRange.key("a")).from(1), this.listener);
		var stream = member.watch().awaitStream(0);
		stream.awaitMessage(0);
		stream.send(created(0, 2000));

		for (int i = 1; i <= 1_000; i++) {
			stream.send(events(0, i));
		}

		await().until(() -> this.listener.revisions().size() == 1_000);
		assertThat(this.listener.revisions()).isSorted().doesNotHaveDuplicates();
		assertThat(this.listener.signals()).isEmpty();
	}

	@Test
	void saysTheEndOnceThoughThatFailsToo() {
		ScriptedEtcd member = this.cluster.member();
		AtomicInteger ends = new AtomicInteger();
		Watch watch = this.cluster.client(member)
			.watch()
			.open(WatchRequest.of(KeyRange.key("a")).from(5), new WatchListener() {

				@Override
				public void onEvents(List<WatchEvent> events) {
					throw WatchFailingListenerTests.this.failure;
				}

				@Override
				public boolean goesOnAfter(Throwable failure) {
					throw WatchFailingListenerTests.this.failure;
				}

				@Override
				public void onClosed(@Nullable EtcdException cause) {
					ends.incrementAndGet();
					throw WatchFailingListenerTests.this.failure;
				}

			});
		var stream = member.watch().awaitStream(0);
		stream.awaitMessage(0);
		stream.send(created(0, 100));

		stream.send(events(0, 5));
		await().until(() -> ends.get() == 1);
		watch.close();
		stream.send(events(0, 6));
		this.cluster.client(member).close();

		assertThat(ends).hasValue(1);
		assertThat(watch.isOpen()).isFalse();
	}

}
