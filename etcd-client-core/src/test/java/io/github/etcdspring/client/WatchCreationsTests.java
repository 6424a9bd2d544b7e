/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.github.etcdspring.EtcdPermissionException;
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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static io.github.etcdspring.fixture.WatchAnswers.created;
import static io.github.etcdspring.fixture.WatchAnswers.events;
import static io.github.etcdspring.fixture.WatchAnswers.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests of {@link WatchCreations}: many watches are created at a time where the server
 * calls them what the client asks it to, as etcd does; and a member that does not answer.
 */
class WatchCreationsTests {

	private static final String BUSY = "rpc error: code = Unavailable desc = etcdserver: too many requests, not now";

	private static final Duration PATIENCE = Duration.ofSeconds(5);

	@RegisterExtension
	final ScriptedCluster cluster = new ScriptedCluster();

	private final FakeClock clock = new FakeClock();

	private final List<RecordingListener> listeners = new ArrayList<>();

	private ScriptedEtcd member;

	private EtcdClient client;

	@BeforeEach
	void start() {
		this.member = this.cluster.member();
		this.client = this.cluster.client(this.clock, this.member);
	}

	@Test
	void asksForAsManyAsTheWindowAllowsWithoutWaitingForAnswers() {
		open(100);
		var stream = this.member.watch().awaitStream(0);
		stream.awaitMessage(0);
		assertThat(stream.messages()).hasSize(1);

		answer(stream, 0);

		stream.awaitMessage(64);
		assertThat(stream.messages()).hasSize(65);
		answer(stream, 1);
		assertThat(key(stream, 65)).isEqualTo("65");
	}

	@Test
	void takesARefusalForTheOneThatWasAskedForFirst() {
		open(4);
		var stream = this.member.watch().awaitStream(0);
		answer(stream, 0);
		stream.awaitMessage(3);

		answer(stream, 1);
		stream.send(refused(-1, "rpc error: code = PermissionDenied desc = etcdserver: permission denied"));
		answer(stream, 3);
		stream.send(events(id(stream, 3), 8));
		stream.send(events(id(stream, 1), 6));

		this.listeners.get(1).awaitRevisions(6L);
		this.listeners.get(3).awaitRevisions(8L);
		this.listeners.get(2).awaitCalls("closed by EtcdPermissionException");
		assertThat(this.listeners.get(2).causes()).singleElement().isInstanceOf(EtcdPermissionException.class);
		assertThat(this.member.watch().count()).isEqualTo(1);
	}

	@Test
	void cancelsOneThatIsClosedAmongThoseThatAreCreated() {
		List<Watch> watches = open(4);
		var stream = this.member.watch().awaitStream(0);
		answer(stream, 0);
		stream.awaitMessage(3);

		watches.get(2).close();
		answer(stream, 1);
		answer(stream, 2);
		answer(stream, 3);
		stream.send(events(id(stream, 3), 8));

		this.listeners.get(3).awaitRevisions(8L);
		this.listeners.get(2).awaitCalls("closed");
		assertThat(stream.awaitMessage(4).getCancelRequest().getWatchId()).isEqualTo(id(stream, 2));
	}

	@Test
	@DisplayName("etcd-java: a created watch is matched by its turn alone")
	void opensAnotherStreamWhenAnAnswerIsOutOfOrder() {
		open(3);
		var stream = this.member.watch().awaitStream(0);
		answer(stream, 0);
		stream.awaitMessage(2);

		answer(stream, 2);

		await().until(stream::isCancelled);
		this.clock.passDelaysUntil(() -> this.member.watch().count() == 2, PATIENCE);
		var next = this.member.watch().awaitStream(1);
		answer(next, 0);
		next.awaitMessage(2);
	}

	@Test
	void givesNoIdTwice() {
		open(1);
		var stream = this.member.watch().awaitStream(0);
		answer(stream, 0);
		stream.complete();
		this.clock.passDelaysUntil(() -> this.member.watch().count() == 2, Duration.ofSeconds(1));

		var next = this.member.watch().awaitStream(1);

		next.awaitMessage(0);
		assertThat(id(next, 0)).isGreaterThan(id(stream, 0));
	}

	@Test
	void createsOthersWhileOneIsRefusedForAWhile() {
		open(4);
		var stream = this.member.watch().awaitStream(0);
		answer(stream, 0);
		stream.awaitMessage(3);

		stream.send(refused(-1, BUSY));
		answer(stream, 2);
		answer(stream, 3);
		stream.send(events(id(stream, 0), 5));
		stream.send(events(id(stream, 3), 8));

		this.listeners.get(0).awaitCalls("events [5]");
		this.listeners.get(3).awaitCalls("events [8]");
		this.clock.passDelaysUntil(() -> stream.messages().size() == 5, Duration.ofSeconds(1));
		assertThat(key(stream, 4)).isEqualTo("1");
		answer(stream, 4);
		stream.send(events(id(stream, 4), 6));
		this.listeners.get(1).awaitCalls("disconnected", "resumed", "events [6]");
		assertThat(this.member.watch().count()).isEqualTo(1);
	}

	@Test
	void leavesAMemberThatRefusesAWatchForAWhileAgainAndAgain() {
		open(1);
		var stream = this.member.watch().awaitStream(0);
		stream.awaitMessage(0);

		for (int refusals = 1; refusals <= 5; refusals++) {
			int next = refusals;
			stream.send(refused(-1, BUSY));
			this.clock.passDelaysUntil(() -> stream.messages().size() > next || stream.isCancelled(),
					Duration.ofSeconds(1));
		}

		assertThat(stream.messages()).hasSize(5);
		this.clock.passDelaysUntil(() -> this.member.watch().count() == 2, Duration.ofSeconds(1));
	}

	@Test
	void leavesAMemberThatIsSilentWhileItIsAskedForAWatch() {
		open(1);
		var stream = this.member.watch().awaitStream(0);
		stream.awaitMessage(0);

		this.clock.advance(PATIENCE.minusMillis(1));
		assertThat(stream.isCancelled()).isFalse();
		this.clock.advance(Duration.ofMillis(1));

		await().until(stream::isCancelled);
		this.clock.passDelaysUntil(() -> this.member.watch().count() == 2, Duration.ofSeconds(1));
		var next = this.member.watch().awaitStream(1);
		answer(next, 0);
		next.send(events(id(next, 0), 5));
		this.listeners.get(0).awaitCalls("disconnected", "resumed", "events [5]");
	}

	@Test
	void staysWithAMemberThatSendsEventsWhileItIsAskedForAWatch() {
		open(2);
		var stream = this.member.watch().awaitStream(0);
		answer(stream, 0);
		stream.awaitMessage(1);

		this.clock.advance(PATIENCE.minusMillis(1));
		stream.send(events(id(stream, 0), 5));
		this.listeners.get(0).awaitRevisions(5L);
		this.clock.advance(PATIENCE.minusMillis(1));
		answer(stream, 1);
		stream.send(events(id(stream, 1), 6));

		this.listeners.get(1).awaitCalls("events [6]");
		assertThat(this.member.watch().count()).isEqualTo(1);
	}

	@Test
	void staysWithAMemberThatIsSilentWhenItHasBeenAskedForNothing() {
		open(1);
		var stream = this.member.watch().awaitStream(0);
		answer(stream, 0);
		stream.send(events(id(stream, 0), 5));
		this.listeners.get(0).awaitRevisions(5L);

		this.clock.advance(PATIENCE.multipliedBy(10));
		stream.send(events(id(stream, 0), 6));

		this.listeners.get(0).awaitCalls("events [5]", "events [6]");
		assertThat(this.member.watch().count()).isEqualTo(1);
	}

	private List<Watch> open(int count) {
		List<Watch> watches = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			RecordingListener listener = new RecordingListener();
			this.listeners.add(listener);
			watches.add(this.client.watch().open(WatchRequest.of(KeyRange.key(String.valueOf(i))).from(5), listener));
		}
		return watches;
	}

	/** Answers a creation, the first on the stream being number 0, as etcd does. */
	private static void answer(ScriptedStream<WatchProto.WatchRequest, WatchResponse> stream, int number) {
		stream.awaitMessage(number);
		stream.send(created(id(stream, number), 4));
	}

	private static long id(ScriptedStream<WatchProto.WatchRequest, WatchResponse> stream, int number) {
		return stream.messages().get(number).getCreateRequest().getWatchId();
	}

	private static String key(ScriptedStream<WatchProto.WatchRequest, WatchResponse> stream, int number) {
		return stream.awaitMessage(number).getCreateRequest().getKey().toStringUtf8();
	}

}
