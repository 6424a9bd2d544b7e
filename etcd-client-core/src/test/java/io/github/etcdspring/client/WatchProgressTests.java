/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import io.github.etcdspring.EtcdClosedException;
import io.github.etcdspring.EtcdTimeoutException;
import io.github.etcdspring.KeyRange;
import io.github.etcdspring.fixture.FakeClock;
import io.github.etcdspring.fixture.RecordingListener;
import io.github.etcdspring.fixture.ScriptedCluster;
import io.github.etcdspring.fixture.ScriptedEtcd;
import io.github.etcdspring.fixture.ScriptedStream;
import io.github.etcdspring.internal.proto.WatchProto;
import io.github.etcdspring.internal.proto.WatchProto.WatchResponse;
import io.github.etcdspring.watch.Watch;
import io.github.etcdspring.watch.WatchRequest;
import io.grpc.Status;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static io.github.etcdspring.fixture.Results.failureOf;
import static io.github.etcdspring.fixture.Results.resultOf;
import static io.github.etcdspring.fixture.WatchAnswers.compacted;
import static io.github.etcdspring.fixture.WatchAnswers.created;
import static io.github.etcdspring.fixture.WatchAnswers.createdOn;
import static io.github.etcdspring.fixture.WatchAnswers.events;
import static io.github.etcdspring.fixture.WatchAnswers.fragment;
import static io.github.etcdspring.fixture.WatchAnswers.progress;
import static io.github.etcdspring.fixture.WatchBarrier.awaitTaken;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests of {@link ProgressRequests}. A watch begins at 5.
 */
class WatchProgressTests {

	private static final Duration INTERVAL = Duration.ofMillis(100);

	@RegisterExtension
	final ScriptedCluster cluster = new ScriptedCluster();

	private final FakeClock clock = new FakeClock();

	private final RecordingListener listener = new RecordingListener();

	private ScriptedEtcd member;

	private EtcdClient client;

	private Watch watch;

	@BeforeEach
	void open() {
		this.member = this.cluster.member();
		this.client = this.cluster.client(this.clock, this.member);
		this.watch = open("a", this.listener);
	}

	private Watch open(String key, RecordingListener listener) {
		return this.client.watch().open(WatchRequest.of(KeyRange.key(key)).from(5), listener);
	}

	private static List<WatchProto.WatchRequest> questions(
			ScriptedStream<WatchProto.WatchRequest, WatchResponse> stream) {
		return stream.messages().stream().filter(WatchProto.WatchRequest::hasProgressRequest).toList();
	}

	private void awaitQuestions(ScriptedStream<WatchProto.WatchRequest, WatchResponse> stream, int count) {
		this.clock.passDelaysUntil(() -> questions(stream).size() >= count, INTERVAL);
	}

	@Test
	void tellsWhatTheServerSaysOfAllWatchesOnceTheListenerHasHeardTheEventsBeforeIt() {
		var stream = createdOn(this.member, 0);
		this.listener.block();
		stream.send(events(0, 5));
		this.listener.awaitBlocked();

		CompletableFuture<Long> asked = this.watch.progressAsync();
		awaitQuestions(stream, 1);
		stream.send(progress(-1, 50));
		stream.send(events(0, 60));
		this.listener.unblock();

		assertThat(resultOf(asked)).isEqualTo(50);
		this.listener.awaitCalls("events [5]", "events [60]");
	}

	@Test
	void asksAgainWhenTheServerDropsTheQuestion() {
		var stream = createdOn(this.member, 0);

		CompletableFuture<Long> asked = this.watch.progressAsync();
		awaitQuestions(stream, 1);
		awaitQuestions(stream, 3);
		stream.send(progress(-1, 50));

		assertThat(resultOf(asked)).isEqualTo(50);
		assertThat(this.member.watch().count()).isEqualTo(1);
	}

	@Test
	void asksOnceForAllWhoWait() {
		RecordingListener other = new RecordingListener();
		Watch second = open("b", other);
		var stream = createdOn(this.member, 0);
		await().until(() -> stream.messages().size() == 2);
		stream.send(created(1, 4));

		CompletableFuture<Long> asked = this.watch.progressAsync();
		awaitQuestions(stream, 1);
		CompletableFuture<Long> askedToo = second.progressAsync();
		awaitQuestions(stream, 2);
		stream.send(progress(-1, 50));

		assertThat(resultOf(asked)).isEqualTo(50);
		assertThat(resultOf(askedToo)).isEqualTo(50);
	}

	@Test
	void takesAnAnswerOfALaterRevisionThanTheWatch() {
		var stream = createdOn(this.member, 0);
		CompletableFuture<Long> asked = this.watch.progressAsync();
		awaitQuestions(stream, 1);
		Watch late = open("b", new RecordingListener());
		await().until(() -> stream.messages().stream().filter(WatchProto.WatchRequest::hasCreateRequest).count() == 2);
		stream.send(created(1, 100));
		CompletableFuture<Long> askedLate = late.progressAsync();

		stream.send(progress(-1, 101));

		assertThat(resultOf(asked)).isEqualTo(101);
		assertThat(resultOf(askedLate)).isEqualTo(101);
	}

	@Test
	void takesNoAnswerThatMayBeOlderThanTheWatch() {
		var stream = createdOn(this.member, 0);
		CompletableFuture<Long> asked = this.watch.progressAsync();
		awaitQuestions(stream, 1);
		Watch late = open("b", new RecordingListener());
		await().until(() -> stream.messages().stream().filter(WatchProto.WatchRequest::hasCreateRequest).count() == 2);
		stream.send(created(1, 100));
		CompletableFuture<Long> askedLate = late.progressAsync();

		stream.send(progress(-1, 90));

		assertThat(resultOf(asked)).isEqualTo(90);
		assertThat(askedLate).isNotDone();
		int before = questions(stream).size();
		awaitQuestions(stream, before + 1);
		this.clock.passDelaysUntil(() -> {
			stream.send(progress(-1, 95));
			return askedLate.isDone();
		}, INTERVAL);
		assertThat(resultOf(askedLate)).isEqualTo(95);
	}

	@Test
	void takesNoAnswerWhileARevisionIsHalfReceived() {
		var stream = createdOn(this.member, 0);
		CompletableFuture<Long> asked = this.watch.progressAsync();
		awaitQuestions(stream, 1);

		stream.send(fragment(events(0, 7, 7)));
		stream.send(progress(-1, 50));
		stream.send(events(0, 7));
		this.listener.awaitCalls("events [7, 7, 7]");

		assertThat(asked).isNotDone();
		stream.send(progress(-1, 60));
		assertThat(resultOf(asked)).isEqualTo(60);
	}

	@Test
	void waitsForTheStreamToComeBackAndAsksThere() {
		var stream = createdOn(this.member, 0);
		CompletableFuture<Long> asked = this.watch.progressAsync();
		awaitQuestions(stream, 1);
		stream.fail(Status.UNAVAILABLE);
		this.clock.passDelaysUntil(() -> this.member.watch().count() == 2, Duration.ofMillis(100));

		var second = createdOn(this.member, 1);
		awaitQuestions(second, 1);
		second.send(progress(-1, 70));

		assertThat(resultOf(asked)).isEqualTo(70);
	}

	@Test
	void failsWhenNoAnswerComesWithinTheRequestTimeout() {
		createdOn(this.member, 0);
		CompletableFuture<Long> asked = this.client.withTimeout(Duration.ofSeconds(3))
			.watch()
			.open(WatchRequest.of(KeyRange.key("b")).from(5), new RecordingListener())
			.progressAsync();

		this.clock.advance(Duration.ofSeconds(3));

		assertThat(failureOf(asked)).isInstanceOf(EtcdTimeoutException.class)
			.hasMessageContaining("Watch progress failed: no answer within 3000 ms");
		assertThat(this.watch.isOpen()).isTrue();
	}

	@Test
	void failsWithTheReasonWhenTheWatchEnds() {
		var stream = createdOn(this.member, 0);
		CompletableFuture<Long> asked = this.watch.progressAsync();
		awaitQuestions(stream, 1);

		stream.send(compacted(0, 42));

		assertThat(failureOf(asked)).hasMessageContaining("the revisions before 42");
		assertThat(failureOf(this.watch.progressAsync())).hasMessageContaining("the revisions before 42");
	}

	@Test
	void failsWithTheReasonWhenTheWatchIsClosedBeforeItsListenerHasBeenTold() {
		var stream = createdOn(this.member, 0);
		this.listener.block();
		stream.send(events(0, 5));
		this.listener.awaitBlocked();
		CompletableFuture<Long> asked = this.watch.progressAsync();
		awaitQuestions(stream, 1);
		stream.send(progress(-1, 50));
		awaitTaken(this.client, stream);
		assertThat(asked).isNotDone();

		this.watch.close();

		assertThat(failureOf(asked)).isInstanceOf(EtcdClosedException.class)
			.hasMessageContaining("the watch is closed");
		this.listener.unblock();
	}

	@Test
	void failsWhenTheWatchOrTheClientIsClosed() {
		CompletableFuture<Long> asked = this.watch.progressAsync();
		this.watch.close();
		CompletableFuture<Long> askedToo = open("b", new RecordingListener()).progressAsync();

		this.client.close();

		assertThat(failureOf(asked)).isInstanceOf(EtcdClosedException.class);
		assertThat(failureOf(askedToo)).isInstanceOf(EtcdClosedException.class);
	}

}
