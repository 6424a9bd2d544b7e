/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.util.List;
import java.util.stream.Stream;

import io.github.etcdspring.KeyRange;
import io.github.etcdspring.fixture.RecordingListener;
import io.github.etcdspring.fixture.ScriptedCluster;
import io.github.etcdspring.fixture.ScriptedEtcd;
import io.github.etcdspring.fixture.ScriptedStream;
import io.github.etcdspring.internal.proto.WatchProto;
import io.github.etcdspring.internal.proto.WatchProto.WatchResponse;
import io.github.etcdspring.watch.WatchRequest;
import io.grpc.Status;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static io.github.etcdspring.fixture.WatchAnswers.created;
import static io.github.etcdspring.fixture.WatchAnswers.events;
import static io.github.etcdspring.fixture.WatchAnswers.fragment;
import static io.github.etcdspring.fixture.WatchAnswers.progress;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.params.provider.Arguments.arguments;

/**
 * Tests of {@link Watcher}: where a watch goes on after a loss. Each begins at 5.
 */
class WatchResumeTests {

	@RegisterExtension
	final ScriptedCluster cluster = new ScriptedCluster();

	private final RecordingListener listener = new RecordingListener();

	static Stream<Arguments> places() {
		return Stream.of(arguments("before it is created", List.of(), List.of(), 5),
				arguments("after it is created, whatever the header says", List.of(created(0, 100)), List.of(), 5),
				arguments("in the middle of a backlog", List.of(created(0, 100), events(0, 5, 6), events(0, 8)),
						List.of(5L, 6L, 8L), 9),
				arguments("after several events of one revision", List.of(created(0, 100), events(0, 7, 7, 7)),
						List.of(7L, 7L, 7L), 8),
				arguments("after progress", List.of(created(0, 100), progress(0, 50)), List.of(), 51),
				arguments("after progress of all watches, which may overtake events",
						List.of(created(0, 100), progress(-1, 50)), List.of(), 5),
				arguments("after progress of another watch", List.of(created(0, 100), progress(3, 50)), List.of(), 5),
				arguments("after progress below its start", List.of(created(0, 2), progress(0, 3)), List.of(), 5),
				arguments("after progress that is older than its events",
						List.of(created(0, 100), events(0, 60), progress(0, 50)), List.of(60L), 61),
				arguments("after progress at the revision of its last event",
						List.of(created(0, 100), events(0, 60), progress(0, 60)), List.of(60L), 61),
				arguments("after events before its start", List.of(created(0, 100), events(0, 3, 4)), List.of(), 5),
				arguments("after events that came twice",
						List.of(created(0, 100), events(0, 5, 6), events(0, 5, 6, 7), events(0, 7)),
						List.of(5L, 6L, 7L), 8),
				arguments("after events of another watch", List.of(created(0, 100), events(1, 5)), List.of(), 5),
				arguments("in a fragment, holding back its last revision",
						List.of(created(0, 100), fragment(events(0, 5, 6, 6))), List.of(5L), 6),
				arguments("in a fragment of one revision", List.of(created(0, 100), fragment(events(0, 5, 5))),
						List.of(), 5),
				arguments("in a second fragment",
						List.of(created(0, 100), fragment(events(0, 5, 6)), fragment(events(0, 6, 7))),
						List.of(5L, 6L, 6L), 7),
				arguments("in a fragment, whatever progress says",
						List.of(created(0, 100), fragment(events(0, 5, 5)), progress(0, 50)), List.of(), 5),
				arguments("after the last fragment",
						List.of(created(0, 100), fragment(events(0, 5, 6)), fragment(events(0, 6)), events(0, 6, 7)),
						List.of(5L, 6L, 6L, 6L, 7L), 8));
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("places")
	void goesOnAtItsPlaceWhenTheStreamBreaks(String when, List<WatchResponse> answers, List<Long> delivered,
			long next) {
		ScriptedEtcd member = this.cluster.member();
		open(member);
		ScriptedStream<WatchProto.WatchRequest, WatchResponse> first = member.watch().awaitStream(0);
		assertThat(startOf(first)).isEqualTo(5);

		answers.forEach(first::send);
		first.fail(Status.UNAVAILABLE);

		ScriptedStream<WatchProto.WatchRequest, WatchResponse> second = member.watch().awaitStream(1);
		assertThat(startOf(second)).isEqualTo(next);
		this.listener.awaitRevisions(delivered.toArray(Long[]::new));
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("places")
	void deliversEveryEventOnceWhenTheStreamBreaks(String when, List<WatchResponse> answers, List<Long> delivered,
			long next) {
		ScriptedEtcd member = this.cluster.member();
		open(member);
		ScriptedStream<WatchProto.WatchRequest, WatchResponse> first = member.watch().awaitStream(0);
		startOf(first);
		answers.forEach(first::send);
		first.complete();

		ScriptedStream<WatchProto.WatchRequest, WatchResponse> second = member.watch().awaitStream(1);
		startOf(second);
		second.send(created(0, 200));
		second.send(events(0, next, next, next + 1));

		this.listener
			.awaitRevisions(Stream.concat(delivered.stream(), Stream.of(next, next, next + 1)).toArray(Long[]::new));
	}

	@Test
	void keepsItsPlaceWhenTheLinkFlaps() {
		ScriptedEtcd member = this.cluster.member();
		open(member);

		for (int i = 0; i < 5; i++) {
			ScriptedStream<WatchProto.WatchRequest, WatchResponse> stream = member.watch().awaitStream(i);
			assertThat(startOf(stream)).isEqualTo(5 + i);
			stream.send(created(0, 1000 + i));
			stream.send(events(0, 5 + i));
			stream.fail(Status.UNAVAILABLE);
		}

		this.listener.awaitRevisions(5L, 6L, 7L, 8L, 9L);
	}

	@Test
	@DisplayName("etcd-java: a watch from now loses its place when the stream breaks before any event")
	void keepsThePlaceOfAWatchFromNowWhenTheStreamBreaksBeforeAnyEvent() {
		ScriptedEtcd member = this.cluster.member();
		EtcdClient client = this.cluster.client(member);
		client.watch().open(WatchRequest.of(KeyRange.key("key")), this.listener);
		ScriptedStream<WatchProto.WatchRequest, WatchResponse> first = member.watch().awaitStream(0);
		assertThat(startOf(first)).isEqualTo(ScriptedEtcd.REVISION + 1);
		first.send(created(0, 500));

		first.fail(Status.UNAVAILABLE);

		assertThat(startOf(member.watch().awaitStream(1))).isEqualTo(ScriptedEtcd.REVISION + 1);
	}

	@Test
	void joinsTheFragmentsOfARevision() {
		ScriptedEtcd member = this.cluster.member();
		open(member);
		ScriptedStream<WatchProto.WatchRequest, WatchResponse> stream = member.watch().awaitStream(0);
		startOf(stream);

		stream.send(created(0, 100));
		stream.send(fragment(events(0, 5, 6)));
		stream.send(fragment(events(0, 6)));
		stream.send(events(0, 6, 7));

		this.listener.awaitCalls("events [5]", "events [6, 6, 6, 7]");
	}

	@Test
	void tellsProgressOnceForEachRevision() {
		ScriptedEtcd member = this.cluster.member();
		open(member);
		ScriptedStream<WatchProto.WatchRequest, WatchResponse> stream = member.watch().awaitStream(0);
		startOf(stream);

		stream.send(created(0, 100));
		stream.send(progress(0, 50));
		await().until(() -> !this.listener.calls().isEmpty());
		stream.send(progress(-1, 50));
		stream.send(events(0, 60));

		this.listener.awaitCalls("progress 50", "events [60]");
	}

	private void open(ScriptedEtcd member) {
		this.cluster.client(member).watch().open(WatchRequest.of(KeyRange.key("key")).from(5), this.listener);
	}

	private static long startOf(ScriptedStream<WatchProto.WatchRequest, WatchResponse> stream) {
		return stream.awaitMessage(0).getCreateRequest().getStartRevision();
	}

}
