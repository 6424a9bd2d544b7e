/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.util.List;
import java.util.concurrent.Flow;
import java.util.stream.IntStream;

import com.google.protobuf.ByteString;
import io.github.etcdspring.CompactedException;
import io.github.etcdspring.EtcdClosedException;
import io.github.etcdspring.EtcdRequestException;
import io.github.etcdspring.KeyRange;
import io.github.etcdspring.fixture.RangeStore;
import io.github.etcdspring.fixture.RecordingSubscriber;
import io.github.etcdspring.fixture.ScriptedCluster;
import io.github.etcdspring.fixture.ScriptedEtcd;
import io.github.etcdspring.fixture.ScriptedStream;
import io.github.etcdspring.internal.proto.WatchProto;
import io.github.etcdspring.internal.proto.WatchProto.WatchResponse;
import io.github.etcdspring.watch.WatchBatch;
import io.github.etcdspring.watch.WatchRequest;
import io.grpc.Status;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static io.github.etcdspring.fixture.WatchAnswers.compacted;
import static io.github.etcdspring.fixture.WatchAnswers.created;
import static io.github.etcdspring.fixture.WatchAnswers.events;
import static io.github.etcdspring.fixture.WatchAnswers.put;
import static io.github.etcdspring.fixture.WatchBarrier.awaitTaken;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.awaitility.Awaitility.await;

/**
 * Tests of {@link WatchSubscription}.
 */
class WatchPublisherTests {

	private static final WatchRequest FROM_5 = WatchRequest.of(KeyRange.prefix("k")).from(5);

	@RegisterExtension
	final ScriptedCluster cluster = new ScriptedCluster();

	private final RecordingSubscriber<WatchBatch> subscriber = new RecordingSubscriber<>();

	private ScriptedEtcd member;

	private EtcdClient client;

	@BeforeEach
	void connect() {
		this.member = this.cluster.member();
		this.client = this.cluster.client(this.member);
	}

	private ScriptedStream<WatchProto.WatchRequest, WatchResponse> subscribe(WatchRequest request) {
		this.client.watch().publisher(request).subscribe(this.subscriber);
		var stream = this.member.watch().awaitStream(0);
		stream.awaitMessage(0);
		stream.send(created(0, 100));
		return stream;
	}

	private List<Long> revisions() {
		return this.subscriber.items().stream().map(WatchBatch::revision).toList();
	}

	@Test
	void opensNoWatchBeforeItIsSubscribedTo() {
		this.client.watch().publisher(FROM_5);

		assertThat(this.member.watch().count()).isZero();
		assertThatNullPointerException().isThrownBy(() -> this.client.watch().publisher(FROM_5).subscribe(null))
			.withMessage("subscriber");
	}

	@Test
	void handsOverNoMoreThanIsRequested() {
		var stream = subscribe(FROM_5);
		stream.send(events(0, 5, 5));
		stream.send(events(0, 6));
		stream.send(events(0, 7));
		awaitTaken(this.client, stream);
		assertThat(this.subscriber.signals()).containsExactly("subscribed");

		this.subscriber.request(2).awaitItems(2);

		assertThat(revisions()).containsExactly(5L, 6L);
		assertThat(((WatchBatch.Events) this.subscriber.items().get(0)).events()).hasSize(2);
		assertThat(this.subscriber.request(Long.MAX_VALUE).awaitItems(3)).hasSize(3);
		assertThat(this.subscriber.threads()).allMatch((thread) -> thread.contains("-callback-"));
	}

	@Test
	void opensAWatchOfItsOwnForEachSubscriber() {
		Flow.Publisher<WatchBatch> publisher = this.client.watch().publisher(FROM_5);
		RecordingSubscriber<WatchBatch> second = new RecordingSubscriber<>();
		publisher.subscribe(this.subscriber);
		publisher.subscribe(second);
		var stream = this.member.watch().awaitStream(0);
		stream.awaitMessage(0);
		stream.send(created(0, 100));
		stream.awaitMessage(1);
		stream.send(created(1, 100));

		this.subscriber.request(1);
		second.request(1);
		stream.send(events(0, 5));
		stream.send(events(1, 5));

		this.subscriber.awaitItems(1);
		second.awaitItems(1);
	}

	@Test
	void pausesAtTheServerWhenNothingIsRequestedAndTheBufferIsFull() {
		var stream = subscribe(FROM_5);
		byte[] megabyte = new byte[1024 * 1024];
		for (int i = 5; i < 15; i++) {
			stream.send(events(0, List.of(put("k", ByteString.copyFrom(megabyte), i))));
		}
		assertThat(stream.awaitMessage(1).hasCancelRequest()).isTrue();

		this.subscriber.request(Long.MAX_VALUE);

		assertThat(stream.awaitMessage(2).getCreateRequest().getStartRevision()).isEqualTo(13);
		assertThat(revisions()).isEqualTo(IntStream.range(5, 13).mapToObj(Long::valueOf).toList());
	}

	@Test
	void endsTheWatchWhenItIsCancelled() {
		var stream = subscribe(FROM_5);
		this.subscriber.request(5);
		stream.send(events(0, 5));
		this.subscriber.awaitItems(1);

		this.subscriber.cancel();

		assertThat(stream.awaitMessage(1).hasCancelRequest()).isTrue();
		stream.send(events(0, 6));
		awaitTaken(this.client, stream);
		assertThat(this.subscriber.signals()).containsExactly("subscribed", "item");
	}

	@Test
	void opensNoWatchWhenItIsCancelledWhileItsStartIsRead() {
		this.member.range().thenHold();
		this.client.watch().publisher(WatchRequest.of(KeyRange.key("k"))).subscribe(this.subscriber);
		var read = this.member.range().awaitCall(0);

		this.subscriber.request(1).cancel();

		await().until(read::isCancelled);
		assertThat(this.member.watch().count()).isZero();
		assertThat(this.subscriber.signals()).containsExactly("subscribed");
	}

	@Test
	void failsWhenItsStartCannotBeRead() {
		this.member.range().otherwiseFail(Status.INVALID_ARGUMENT);

		this.client.watch().publisher(WatchRequest.of(KeyRange.key("k"))).subscribe(this.subscriber);

		assertThat(this.subscriber.awaitFailure()).isInstanceOf(EtcdRequestException.class);
		assertThat(this.subscriber.signals()).containsExactly("subscribed", "failed");
	}

	@Test
	void failsOnceAfterWhatWasRequestedWhenTheWatchEnds() {
		var stream = subscribe(FROM_5);
		stream.send(events(0, 5));
		stream.send(compacted(0, 42));
		awaitTaken(this.client, stream);
		assertThat(this.subscriber.signals()).containsExactly("subscribed");

		this.subscriber.request(1);

		assertThat(this.subscriber.awaitFailure()).isInstanceOf(CompactedException.class);
		assertThat(this.subscriber.signals()).containsExactly("subscribed", "item", "failed");
		this.subscriber.request(1).cancel();
		assertThat(this.subscriber.signals()).hasSize(3);
	}

	@Test
	void failsWhenTheClientIsClosed() {
		subscribe(FROM_5);

		this.client.close();

		assertThat(this.subscriber.awaitFailure()).isInstanceOf(EtcdClosedException.class)
			.hasMessageContaining("the watch ended: the client is closed");
	}

	@Test
	void failsWhenNothingIsRequested() {
		var stream = subscribe(FROM_5);

		this.subscriber.request(0);

		assertThat(this.subscriber.awaitFailure()).isInstanceOf(IllegalArgumentException.class);
		assertThat(stream.awaitMessage(1).hasCancelRequest()).isTrue();
		assertThat(this.subscriber.signals()).containsExactly("subscribed", "failed");
	}

	@Test
	void callsASubscriberThatThrowsNoMore() {
		var stream = subscribe(FROM_5);
		this.subscriber.throwOnItem(new IllegalStateException("thrown on purpose"));
		this.subscriber.request(10);

		stream.send(events(0, 5));
		assertThat(stream.awaitMessage(1).hasCancelRequest()).isTrue();
		stream.send(events(0, 6));
		awaitTaken(this.client, stream);

		assertThat(this.subscriber.signals()).containsExactly("subscribed", "item");
	}

	@Test
	void handsOverASnapshotWhereEventsAreLost() {
		new RangeStore(1, 0).serve(this.member);
		var stream = subscribe(FROM_5.withRelist());
		this.subscriber.request(Long.MAX_VALUE);

		stream.send(compacted(0, 42));

		assertThat(this.subscriber.awaitItems(1)).singleElement()
			.isInstanceOfSatisfying(WatchBatch.Snapshot.class,
					(snapshot) -> assertThat(snapshot.revision()).isEqualTo(100));
	}

}
