/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import com.google.protobuf.ByteString;
import io.github.etcdspring.EtcdException;
import io.github.etcdspring.KeyRange;
import io.github.etcdspring.fixture.FakeClock;
import io.github.etcdspring.fixture.RecordingListener;
import io.github.etcdspring.fixture.ScriptedCluster;
import io.github.etcdspring.fixture.ScriptedEtcd;
import io.github.etcdspring.fixture.ScriptedStream;
import io.github.etcdspring.internal.proto.WatchProto;
import io.github.etcdspring.internal.proto.WatchProto.WatchResponse;
import io.github.etcdspring.watch.Watch;
import io.github.etcdspring.watch.WatchEvent;
import io.github.etcdspring.watch.WatchListener;
import io.github.etcdspring.watch.WatchRequest;
import io.grpc.Status;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static io.github.etcdspring.fixture.WatchAnswers.canceled;
import static io.github.etcdspring.fixture.WatchAnswers.created;
import static io.github.etcdspring.fixture.WatchAnswers.events;
import static io.github.etcdspring.fixture.WatchAnswers.put;
import static io.github.etcdspring.fixture.WatchBarrier.awaitTaken;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

/**
 * Tests of watches where other clients of etcd are known to fail, and where servers
 * repeat themselves. Each watch begins at 5.
 */
class PeerFailureWatchTests {

	private static final ByteString KEY = ByteString.copyFromUtf8("key");

	@RegisterExtension
	final ScriptedCluster cluster = new ScriptedCluster();

	private final RecordingListener listener = new RecordingListener();

	private final RecordingListener other = new RecordingListener();

	@AfterEach
	void unblock() {
		this.listener.unblock();
	}

	@Test
	@DisplayName("jetcd: a break before the backlog came resumes from the created header")
	void keepsItsPlaceWhenTheStreamBreaksBeforeItsBacklog() {
		ScriptedEtcd member = this.cluster.member();
		open(this.cluster.client(member), "key", this.listener);
		createdOn(member, 0, 5).fail(Status.UNAVAILABLE);

		createdOn(member, 1, 5).send(events(0, 5, 99));

		this.listener.awaitRevisions(5L, 99L);
	}

	@Test
	@DisplayName("jetcd: a second break after an event resumes from the created header")
	void keepsItsPlaceWhenTheStreamBreaksAgainAfterItsReturn() {
		ScriptedEtcd member = this.cluster.member();
		open(this.cluster.client(member), "key", this.listener);
		var first = createdOn(member, 0, 5);
		first.send(events(0, 6));
		first.fail(Status.UNAVAILABLE);
		createdOn(member, 1, 7).fail(Status.UNAVAILABLE);

		createdOn(member, 2, 7).send(events(0, 7));

		this.listener.awaitRevisions(6L, 7L);
	}

	@Test
	@DisplayName("jetcd: a stream that ends without error is told as the end, and again at the close")
	void tellsTheEndOnceWhenClosedAfterTheStreamEndedWithoutError() {
		ScriptedEtcd member = this.cluster.member();
		Watch watch = open(this.cluster.client(member), "key", this.listener);
		createdOn(member, 0, 5).complete();
		this.listener.awaitCalls("disconnected");
		createdOn(member, 1, 5);
		this.listener.awaitCalls("disconnected", "resumed");
		assertThat(watch.isOpen()).isTrue();

		watch.close();

		this.listener.awaitCalls("disconnected", "resumed", "closed");
	}

	@Test
	@DisplayName("etcd-java: a stream that ends without error silences every watch and every new one")
	void opensNewWatchesAfterTheStreamEndedWithoutError() {
		ScriptedEtcd member = this.cluster.member();
		EtcdClient client = this.cluster.client(member);
		open(client, "a", this.listener);
		createdOn(member, 0, 5).complete();

		open(client, "b", this.other);

		var next = createdOn(member, 1, 5);
		next.awaitMessage(1);
		next.send(created(1, 100));
		next.send(events(0, 5));
		next.send(events(1, 6));
		this.listener.awaitRevisions(5L);
		this.other.awaitRevisions(6L);
	}

	@Test
	@DisplayName("jetcd: a listener that is slow to hear of a loss blocks new watches")
	void opensNewWatchesWhileAListenerIsTakingALoss() {
		ScriptedEtcd member = this.cluster.member();
		EtcdClient client = this.cluster.client(member);
		open(client, "a", this.listener);
		this.listener.block();
		createdOn(member, 0, 5).fail(Status.UNAVAILABLE);
		this.listener.awaitBlocked();

		open(client, "b", this.other);

		var next = createdOn(member, 1, 5);
		next.awaitMessage(1);
		next.send(created(1, 100));
		next.send(events(1, 6));
		this.other.awaitRevisions(6L);
		assertThat(this.listener.calls()).isEmpty();
	}

	@Test
	@DisplayName("etcd-java: what the server cancels for a while is not resumed")
	void goesOnWhenTheServerCancelsItForAWhile() {
		ScriptedEtcd member = this.cluster.member();
		open(this.cluster.client(member), "key", this.listener);
		var first = createdOn(member, 0, 5);
		first.send(events(0, 5));

		first.send(canceled(0, "rpc error: code = Unavailable desc = etcdserver: no leader"));

		createdOn(member, 1, 6).send(events(0, 6));
		this.listener.awaitRevisions(5L, 6L);
	}

	@Test
	@DisplayName("jetcd: closing races with the attempt to resume")
	void saysSoOnceWhenClosedWhileItWaitsToResume() {
		FakeClock clock = new FakeClock();
		ScriptedEtcd member = this.cluster.member();
		EtcdClient client = this.cluster.client(clock, member);
		Watch watch = open(client, "key", this.listener);
		createdOn(member, 0, 5).fail(Status.UNAVAILABLE);
		this.listener.awaitCalls("disconnected");

		watch.close();
		clock.advance(Duration.ofSeconds(10));
		client.kv().get("barrier");

		this.listener.awaitCalls("disconnected", "closed");
		assertThat(member.watch().count()).isEqualTo(1);
	}

	static Stream<Arguments> strayAnswers() {
		return Stream.of(arguments("an old event again", events(0, 5)),
				arguments("a batch of earlier revisions", events(0, 3, 4, 5, 6)),
				arguments("events for an unknown id", events(7, 7)),
				arguments("a cancellation for an unknown id", canceled(7, "etcdserver: permission denied")));
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("strayAnswers")
	void isNotMovedByWhatTheServerRepeatsOrMixesUp(String what, WatchResponse stray) {
		ScriptedEtcd member = this.cluster.member();
		open(this.cluster.client(member), "key", this.listener);
		var stream = createdOn(member, 0, 5);
		stream.send(events(0, 5, 6));

		stream.send(stray);
		stream.send(events(0, 7));

		this.listener.awaitRevisions(5L, 6L, 7L);
		assertThat(member.watch().count()).isEqualTo(1);
		stream.fail(Status.UNAVAILABLE);
		createdOn(member, 1, 8);
	}

	@Test
	void isClosedOnceByTwoThreadsWhileItIsCreated() throws Exception {
		ScriptedEtcd member = this.cluster.member();
		EtcdClient client = this.cluster.client(member);
		Watch watch = open(client, "key", this.listener);
		var stream = member.watch().awaitStream(0);
		stream.awaitMessage(0);
		CyclicBarrier together = new CyclicBarrier(2);

		CompletableFuture.allOf(closing(watch, together), closing(watch, together)).get(10, TimeUnit.SECONDS);
		stream.send(created(0, 100));

		assertThat(stream.awaitMessage(1).getCancelRequest().getWatchId()).isZero();
		awaitTaken(client, stream);
		assertThat(stream.messages()).filteredOn(WatchProto.WatchRequest::hasCancelRequest).hasSize(1);
		this.listener.awaitCalls("closed");
	}

	private static CompletableFuture<Void> closing(Watch watch, CyclicBarrier together) {
		return CompletableFuture.runAsync(() -> {
			try {
				together.await(10, TimeUnit.SECONDS);
			}
			catch (Exception ex) {
				throw new IllegalStateException(ex);
			}
			watch.close();
		});
	}

	@Test
	void isClosedOnceByTwoThreadsWhileItWaitsToResume() throws Exception {
		FakeClock clock = new FakeClock();
		ScriptedEtcd member = this.cluster.member();
		EtcdClient client = this.cluster.client(clock, member);
		Watch watch = open(client, "key", this.listener);
		createdOn(member, 0, 5).fail(Status.UNAVAILABLE);
		this.listener.awaitCalls("disconnected");
		CyclicBarrier together = new CyclicBarrier(2);

		CompletableFuture.allOf(closing(watch, together), closing(watch, together)).get(10, TimeUnit.SECONDS);

		clock.advance(Duration.ofSeconds(10));
		client.kv().get("barrier");
		this.listener.awaitCalls("disconnected", "closed");
		assertThat(member.watch().count()).isEqualTo(1);
	}

	@Test
	void isClosedOnceByTwoThreadsWhileItIsPaused() throws Exception {
		ScriptedEtcd member = this.cluster.member();
		EtcdClient client = this.cluster.client(member);
		this.listener.block();
		Watch watch = open(client, "key", this.listener);
		var stream = createdOn(member, 0, 5);
		ByteString value = ByteString.copyFrom(new byte[(int) WatchDelivery.MAX_BYTES]);
		stream.send(events(0, List.of(put("key", value, 5))));
		stream.send(events(0, List.of(put("key", value, 6))));
		assertThat(stream.awaitMessage(1).hasCancelRequest()).isTrue();
		this.listener.awaitBlocked();
		CyclicBarrier together = new CyclicBarrier(2);

		CompletableFuture.allOf(closing(watch, together), closing(watch, together)).get(10, TimeUnit.SECONDS);
		this.listener.unblock();

		this.listener.awaitCalls("events [5]", "closed");
		awaitTaken(client, stream);
		assertThat(stream.messages()).filteredOn((message) -> message.getCreateRequest().getKey().equals(KEY))
			.hasSize(1);
	}

	@Test
	void closesItsClientFromItsListener() {
		ScriptedEtcd member = this.cluster.member();
		EtcdClient client = this.cluster.client(member);
		Watch watch = open(client, "key", new WatchListener() {

			@Override
			public void onEvents(List<WatchEvent> events) {
				client.close();
				PeerFailureWatchTests.this.listener.onEvents(events);
			}

			@Override
			public void onClosed(@Nullable EtcdException cause) {
				PeerFailureWatchTests.this.listener.onClosed(cause);
			}

		});

		createdOn(member, 0, 5).send(events(0, 5));

		this.listener.awaitCalls("events [5]", "closed");
		assertThat(watch.isOpen()).isFalse();
	}

	private static Watch open(EtcdClient client, String key, WatchListener listener) {
		return client.watch().open(WatchRequest.of(KeyRange.key(key)).from(5), listener);
	}

	private static ScriptedStream<WatchProto.WatchRequest, WatchResponse> createdOn(ScriptedEtcd member, int number,
			long start) {
		var stream = member.watch().awaitStream(number);
		assertThat(stream.awaitMessage(0).getCreateRequest().getStartRevision()).isEqualTo(start);
		stream.send(created(0, 100));
		return stream;
	}

}
