/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.time.Duration;
import java.util.List;

import com.google.protobuf.ByteString;
import io.github.etcdspring.KeyRange;
import io.github.etcdspring.fixture.FakeClock;
import io.github.etcdspring.fixture.RecordingListener;
import io.github.etcdspring.fixture.ScriptedCluster;
import io.github.etcdspring.fixture.ScriptedEtcd;
import io.github.etcdspring.fixture.ScriptedStream;
import io.github.etcdspring.internal.proto.WatchProto.WatchResponse;
import io.github.etcdspring.watch.Watch;
import io.github.etcdspring.watch.WatchRequest;
import io.grpc.Status;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static io.github.etcdspring.fixture.WatchAnswers.created;
import static io.github.etcdspring.fixture.WatchAnswers.events;
import static io.github.etcdspring.fixture.WatchAnswers.put;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests of {@link ResumableStream} under watches: what ends a stream never ends a watch.
 */
class WatchLossTests {

	private static final WatchRequest FROM_FIVE = WatchRequest.of(KeyRange.key("key")).from(5);

	private static final Duration LONGEST_DELAY = Duration.ofMillis(1200);

	private static final int LIMIT = 4 * 1024 * 1024;

	@RegisterExtension
	final ScriptedCluster cluster = new ScriptedCluster();

	private final RecordingListener listener = new RecordingListener();

	@ParameterizedTest
	@CsvSource({ "UNAVAILABLE,", "UNAVAILABLE,etcdserver: no leader", "UNKNOWN,", "UNKNOWN,strange", "INTERNAL,",
			"CANCELLED,context canceled", "RESOURCE_EXHAUSTED,Bandwidth exhausted", "RESOURCE_EXHAUSTED,",
			"DEADLINE_EXCEEDED,", "ABORTED,", "FAILED_PRECONDITION,etcdserver: rpc not supported for learner",
			"UNAUTHENTICATED,", "DATA_LOSS,", "UNIMPLEMENTED,", "PERMISSION_DENIED,", "INVALID_ARGUMENT,", "NOT_FOUND,",
			"OUT_OF_RANGE,", "ALREADY_EXISTS," })
	@DisplayName("jetcd: a watch ends with an UNKNOWN, a CANCELLED, no leader, or a status without description")
	void goesOnWhateverTheStreamEndsWith(Status.Code code, @Nullable String description) {
		ScriptedEtcd member = this.cluster.member();
		this.cluster.client(member).watch().open(FROM_FIVE, this.listener);
		ScriptedStream<?, WatchResponse> first = serve(member, 0, 5);

		first.fail(Status.fromCode(code).withDescription(description));
		this.listener.awaitCalls("events [5]", "disconnected");

		serve(member, 1, 6);
		this.listener.awaitCalls("events [5]", "disconnected", "resumed", "events [6]");
	}

	@Test
	void goesOnWhenTheServerEndsTheStreamWithoutError() {
		ScriptedEtcd member = this.cluster.member();
		this.cluster.client(member).watch().open(FROM_FIVE, this.listener);

		serve(member, 0, 5).complete();
		this.listener.awaitCalls("events [5]", "disconnected");

		serve(member, 1, 6);
		this.listener.awaitCalls("events [5]", "disconnected", "resumed", "events [6]");
	}

	@Test
	void goesOnWhenTheMemberIsGoneForAWhile() {
		ScriptedEtcd member = this.cluster.member();
		this.cluster.client(member).watch().open(FROM_FIVE, this.listener);
		serve(member, 0, 5);
		this.listener.awaitRevisions(5L);

		member.stop();
		this.listener.awaitCalls("events [5]", "disconnected");
		member.start();

		serve(member, 1, 6);
		this.listener.awaitCalls("events [5]", "disconnected", "resumed", "events [6]");
	}

	@Test
	void goesOnAtAnotherMemberWhenItsOwnIsGone() {
		ScriptedEtcd first = this.cluster.member();
		ScriptedEtcd second = this.cluster.member();
		this.cluster.client(first, second).watch().open(FROM_FIVE, this.listener);
		await().until(() -> first.watch().count() + second.watch().count() == 1);
		ScriptedEtcd own = (first.watch().count() == 1) ? first : second;
		ScriptedEtcd other = (own == first) ? second : first;
		serve(own, 0, 5);
		this.listener.awaitRevisions(5L);

		own.stop();
		this.listener.awaitCalls("events [5]", "disconnected");

		serve(other, 0, 6);
		this.listener.awaitCalls("events [5]", "disconnected", "resumed", "events [6]");
	}

	@Test
	void staysOnItsStreamWhenTheConnectionIsGoingAwayAndMovesWhenItIsGone() {
		ScriptedEtcd member = this.cluster.member();
		ScriptedEtcd next = this.cluster.member();
		next.watch().onOpen((stream) -> stream.fail(Status.UNAVAILABLE));
		this.cluster.client(member, next).watch().open(FROM_FIVE, this.listener);
		ScriptedStream<?, WatchResponse> stream = serve(member, 0, 5);
		next.watch().onOpen((opened) -> {
		});
		int before = next.watch().count();

		member.goAway();
		stream.send(events(0, 6));
		this.listener.awaitRevisions(5L, 6L);
		stream.complete();

		serve(next, before, 7);
		this.listener.awaitRevisions(5L, 6L, 7L);
	}

	@Test
	@DisplayName("jetcd: streams are opened again every 500 ms, without backoff")
	void waitsLongerAfterEachLossUpToASecondAndBeginsAnewWhenTheStreamWorked() {
		FakeClock clock = new FakeClock();
		ScriptedEtcd member = this.cluster.member();
		member.watch().onOpen((stream) -> stream.fail(Status.UNAVAILABLE));
		this.cluster.client(clock, member).watch().open(FROM_FIVE, this.listener);
		clock.passDelaysUntil(() -> delays(clock).size() == 11, LONGEST_DELAY);
		member.watch().onOpen((stream) -> {
		});
		clock.advance(LONGEST_DELAY);

		var stream = serve(member, 11, 5);
		this.listener.awaitRevisions(5L);
		clock.advance(Duration.ofSeconds(1));
		stream.fail(Status.UNAVAILABLE);

		clock.awaitDelays(12, LONGEST_DELAY);
		List<Duration> delays = delays(clock);
		double expected = 50;
		for (int i = 0; i < 11; i++) {
			assertThat((double) delays.get(i).toMillis()).isBetween(expected * 0.8 - 1, expected * 1.2);
			expected = Math.min(1000, expected * 1.6);
		}
		assertThat(delays.get(11)).isBetween(Duration.ofMillis(40), Duration.ofMillis(60));
	}

	@Test
	void waitsLongerAfterEachLossOfAStreamThatBreaksAsSoonAsItWorks() {
		FakeClock clock = new FakeClock();
		ScriptedEtcd member = this.cluster.member();
		member.watch().onMessage((stream, message) -> {
			stream.send(created(0, 4));
			stream.fail(Status.UNAVAILABLE);
		});

		this.cluster.client(clock, member).watch().open(FROM_FIVE, this.listener);

		clock.passDelaysUntil(() -> delays(clock).size() == 9, LONGEST_DELAY);
		assertThat(delays(clock).get(8)).isBetween(Duration.ofMillis(799), Duration.ofMillis(1200));
	}

	@Test
	void goesOnWhenAnEventIsLargerThanTheClientAccepts() {
		ScriptedEtcd member = this.cluster.member();
		this.cluster.client((options) -> options.maxInboundMessageSize(LIMIT), member)
			.watch()
			.open(FROM_FIVE, this.listener);
		ScriptedStream<?, WatchResponse> first = serve(member, 0, 5);

		first.send(events(0, List.of(put("key", ByteString.copyFrom(new byte[16 * LIMIT]), 6))));

		serve(member, 1, 6);
		this.listener.awaitCalls("events [5]", "disconnected", "resumed", "events [6]");
	}

	@Test
	void opensNoStreamAgainWhenNoWatchIsLeft() {
		FakeClock clock = new FakeClock();
		ScriptedEtcd member = this.cluster.member();
		EtcdClient client = this.cluster.client(clock, member);
		Watch watch = client.watch().open(FROM_FIVE, this.listener);
		ScriptedStream<?, WatchResponse> stream = serve(member, 0, 5);
		this.listener.awaitRevisions(5L);

		watch.close();
		stream.fail(Status.UNAVAILABLE);
		clock.awaitDelays(1, LONGEST_DELAY);
		clock.advance(Duration.ofSeconds(10));
		client.kv().get("barrier");

		assertThat(member.watch().count()).isEqualTo(1);
	}

	private static List<Duration> delays(FakeClock clock) {
		return clock.delaysUpTo(LONGEST_DELAY);
	}

	/** Creates the watch on a stream and sends the event it is to begin with. */
	private static ScriptedStream<?, WatchResponse> serve(ScriptedEtcd member, int number, long start) {
		var stream = member.watch().awaitStream(number);
		assertThat(stream.awaitMessage(0).getCreateRequest().getStartRevision()).isEqualTo(start);
		stream.send(created(0, 100));
		stream.send(events(0, start));
		return stream;
	}

}
