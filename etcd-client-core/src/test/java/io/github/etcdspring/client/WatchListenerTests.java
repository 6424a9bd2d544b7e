/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;

import com.google.protobuf.ByteString;
import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.KeyRange;
import io.github.etcdspring.KeyValue;
import io.github.etcdspring.LeaseId;
import io.github.etcdspring.fixture.FakeClock;
import io.github.etcdspring.fixture.RecordingListener;
import io.github.etcdspring.fixture.ScriptedCluster;
import io.github.etcdspring.fixture.ScriptedEtcd;
import io.github.etcdspring.fixture.WatchAnswers;
import io.github.etcdspring.internal.proto.MvccProto.Event;
import io.github.etcdspring.watch.WatchEvent;
import io.github.etcdspring.watch.WatchListener;
import io.github.etcdspring.watch.WatchRequest;
import io.grpc.Status;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static io.github.etcdspring.fixture.WatchAnswers.created;
import static io.github.etcdspring.fixture.WatchAnswers.createdOn;
import static io.github.etcdspring.fixture.WatchAnswers.delete;
import static io.github.etcdspring.fixture.WatchAnswers.events;
import static io.github.etcdspring.fixture.WatchAnswers.progress;
import static io.github.etcdspring.fixture.WatchAnswers.put;
import static io.github.etcdspring.fixture.WatchBarrier.awaitTaken;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests of what a watch's listener is told, and when.
 */
class WatchListenerTests {

	@RegisterExtension
	final ScriptedCluster cluster = new ScriptedCluster();

	private final RecordingListener listener = new RecordingListener();

	@Test
	void tellsPutsAndDeletionsWithWhatTheKeyHeldBefore() {
		ScriptedEtcd member = this.cluster.member();
		open(this.cluster.client(member), "key", this.listener);
		Event replaced = put("key", "new", 6).toBuilder()
			.setPrevKv(WatchAnswers.keyValue("key", ByteString.copyFromUtf8("old"), 5))
			.build();

		createdOn(member, 0).send(events(0, List.of(put("key", "old", 5), replaced, delete("key", 7))));

		KeyValue old = new KeyValue(ByteSequence.of("key"), ByteSequence.of("old"), 5, 5, 1, LeaseId.NONE);
		this.listener.awaitRevisions(5L, 6L, 7L);
		assertThat(this.listener.events().get(0)).isInstanceOfSatisfying(WatchEvent.Put.class, (event) -> {
			assertThat(event.kv()).isEqualTo(old);
			assertThat(event.isCreate()).isTrue();
			assertThat(event.previous()).isEmpty();
		});
		assertThat(this.listener.events().get(1).previous()).contains(old);
		assertThat(this.listener.events().get(2)).isInstanceOf(WatchEvent.Delete.class);
		assertThat(this.listener.events().get(2).key()).isEqualTo(ByteSequence.of("key"));
	}

	@Test
	@DisplayName("jetcd: a listener that throws ends its watch")
	void goesOnWhenTheListenerThrows() {
		ScriptedEtcd member = this.cluster.member();
		List<Long> seen = new CopyOnWriteArrayList<>();
		open(this.cluster.client(member), "key", (events) -> {
			seen.add(events.get(0).revision());
			if (seen.size() == 1) {
				throw new IllegalStateException("thrown on purpose");
			}
			if (seen.size() == 2) {
				throw new AssertionError("thrown on purpose");
			}
		});
		var stream = createdOn(member, 0);

		stream.send(events(0, 5));
		stream.send(events(0, 6));
		stream.send(events(0, 7));

		await().untilAsserted(() -> assertThat(seen).containsExactly(5L, 6L, 7L));
		assertThat(member.watch().count()).isEqualTo(1);
	}

	@Test
	void tellsEverythingLaterWhenThereIsNoThreadForIt() {
		ScriptedEtcd member = this.cluster.member();
		FakeClock clock = new FakeClock();
		AtomicInteger refusals = new AtomicInteger(2);
		open(this.cluster.client((options) -> options.scheduler(clock).callbackExecutor((task) -> {
			if (refusals.getAndDecrement() > 0) {
				throw new InternalError("thrown on purpose");
			}
			task.run();
		}), member), "key", this.listener);
		var stream = createdOn(member, 0);
		stream.send(events(0, 5));
		stream.send(events(0, 6));
		await().until(() -> refusals.get() == 1);

		await().until(() -> {
			clock.advance(Duration.ofSeconds(1));
			return this.listener.revisions().size() == 2;
		});

		this.listener.awaitRevisions(5L, 6L);
		assertThat(member.watch().count()).isEqualTo(1);
	}

	@Test
	void callsOneListenerOneAtATimeInOrderOnCallbackThreads() {
		ScriptedEtcd member = this.cluster.member();
		AtomicInteger inside = new AtomicInteger();
		List<Integer> together = new CopyOnWriteArrayList<>();
		List<String> threads = new CopyOnWriteArrayList<>();
		List<Long> seen = new CopyOnWriteArrayList<>();
		open(this.cluster.client(member), "key", (events) -> {
			together.add(inside.incrementAndGet());
			threads.add(Thread.currentThread().getName());
			seen.add(events.get(0).revision());
			inside.decrementAndGet();
		});
		var stream = createdOn(member, 0);

		LongStream.range(5, 505).forEach((revision) -> stream.send(events(0, revision)));

		await().until(() -> seen.size() == 500);
		assertThat(seen).containsExactlyElementsOf(LongStream.range(5, 505).boxed().toList());
		assertThat(together).containsOnly(1);
		assertThat(threads).allMatch((thread) -> thread.matches("etcd-client-\\d+-callback-\\d+"));
	}

	@Test
	void delaysNoOtherWatchWhenOneListenerBlocks() {
		ScriptedEtcd member = this.cluster.member();
		EtcdClient client = this.cluster.client(member);
		RecordingListener other = new RecordingListener();
		open(client, "a", this.listener);
		open(client, "b", other);
		var stream = createdOn(member, 0);
		stream.awaitMessage(1);
		stream.send(created(1, 100));
		this.listener.block();

		stream.send(events(0, 5));
		this.listener.awaitBlocked();
		stream.send(events(1, 6));

		other.awaitRevisions(6L);
		this.listener.unblock();
		this.listener.awaitRevisions(5L);
	}

	@Test
	@DisplayName("jetcd #1352: a loss that heals is told as an error")
	void tellsLossAndReturnOnceForEachOutage() {
		ScriptedEtcd member = this.cluster.member();
		open(this.cluster.client(member), "key", this.listener);
		createdOn(member, 0).fail(Status.UNAVAILABLE);
		this.listener.awaitCalls("disconnected");
		member.watch().awaitStream(1).fail(Status.UNAVAILABLE);
		createdOn(member, 2);
		this.listener.awaitCalls("disconnected", "resumed");

		member.watch().awaitStream(2).fail(Status.UNAVAILABLE);
		this.listener.awaitCalls("disconnected", "resumed", "disconnected");
		createdOn(member, 3);

		this.listener.awaitCalls("disconnected", "resumed", "disconnected", "resumed");
	}

	@Test
	void tellsNothingOfAnOutageThatIsOverBeforeTheListenerCouldHear() {
		ScriptedEtcd member = this.cluster.member();
		EtcdClient client = this.cluster.client(member);
		open(client, "key", this.listener);
		this.listener.block();
		var first = createdOn(member, 0);
		first.send(events(0, 5));
		this.listener.awaitBlocked();

		first.fail(Status.UNAVAILABLE);
		createdOn(member, 1).fail(Status.UNAVAILABLE);
		var third = createdOn(member, 2);
		third.send(events(0, 6));
		awaitTaken(client, third);
		this.listener.unblock();

		this.listener.awaitCalls("events [5]", "events [6]");
	}

	@Test
	void tellsAnOutageThatGoesOnWhenTheListenerComesBack() {
		ScriptedEtcd member = this.cluster.member();
		EtcdClient client = this.cluster.client(member);
		open(client, "key", this.listener);
		this.listener.block();
		var first = createdOn(member, 0);
		first.send(events(0, 5));
		this.listener.awaitBlocked();
		first.fail(Status.UNAVAILABLE);
		createdOn(member, 1).fail(Status.UNAVAILABLE);
		member.watch().awaitStream(2).awaitMessage(0);

		this.listener.unblock();

		this.listener.awaitCalls("events [5]", "disconnected");
	}

	@Test
	void tellsTheLatestProgressOnlyWhenTheListenerIsBehind() {
		ScriptedEtcd member = this.cluster.member();
		EtcdClient client = this.cluster.client(member);
		open(client, "key", this.listener);
		this.listener.block();
		var stream = createdOn(member, 0);
		stream.send(events(0, 5));
		this.listener.awaitBlocked();

		stream.send(progress(0, 30));
		stream.send(progress(0, 40));
		awaitTaken(client, stream);
		this.listener.unblock();

		this.listener.awaitCalls("events [5]", "progress 40");
	}

	private static void open(EtcdClient client, String key, WatchListener listener) {
		client.watch().open(WatchRequest.of(KeyRange.key(key)).from(5), listener);
	}

}
