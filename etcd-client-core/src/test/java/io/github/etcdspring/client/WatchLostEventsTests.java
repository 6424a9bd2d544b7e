/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import com.google.protobuf.ByteString;
import io.github.etcdspring.EtcdPermissionException;
import io.github.etcdspring.HistoryResetException;
import io.github.etcdspring.KeyRange;
import io.github.etcdspring.fixture.RangeStore;
import io.github.etcdspring.fixture.RecordingListener;
import io.github.etcdspring.fixture.ScriptedCall;
import io.github.etcdspring.fixture.ScriptedCluster;
import io.github.etcdspring.fixture.ScriptedEtcd;
import io.github.etcdspring.fixture.ScriptedStream;
import io.github.etcdspring.internal.proto.HeaderProto.ResponseHeader;
import io.github.etcdspring.internal.proto.KvProto.RangeRequest;
import io.github.etcdspring.internal.proto.KvProto.RangeResponse;
import io.github.etcdspring.internal.proto.WatchProto;
import io.github.etcdspring.internal.proto.WatchProto.WatchResponse;
import io.github.etcdspring.watch.Watch;
import io.github.etcdspring.watch.WatchEvent;
import io.github.etcdspring.watch.WatchListener;
import io.github.etcdspring.watch.WatchRequest;
import io.grpc.Status;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static io.github.etcdspring.fixture.WatchAnswers.compacted;
import static io.github.etcdspring.fixture.WatchAnswers.created;
import static io.github.etcdspring.fixture.WatchAnswers.createdOn;
import static io.github.etcdspring.fixture.WatchAnswers.events;
import static io.github.etcdspring.fixture.WatchAnswers.keyValue;
import static io.github.etcdspring.fixture.WatchAnswers.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests of watches whose events are lost for good: compacted, or of a store that was put
 * back (W7, W9). Reads are answered at revision 100.
 */
class WatchLostEventsTests {

	private static final WatchRequest ALL = WatchRequest.of(KeyRange.prefix("k")).from(5);

	@RegisterExtension
	final ScriptedCluster cluster = new ScriptedCluster();

	private final RecordingListener listener = new RecordingListener();

	private ScriptedEtcd member;

	private EtcdClient client;

	@BeforeEach
	void connect() {
		this.member = this.cluster.member();
		this.client = this.cluster.client(this.member);
	}

	private Watch open(WatchRequest request) {
		return this.client.watch().open(request, this.listener);
	}

	private static long startOf(ScriptedStream<WatchProto.WatchRequest, WatchResponse> stream, int message) {
		return stream.awaitMessage(message).getCreateRequest().getStartRevision();
	}

	private static void answerAt(long revision, ScriptedCall<RangeRequest, RangeResponse> call) {
		call.answer(RangeResponse.newBuilder().setHeader(ResponseHeader.newBuilder().setRevision(revision)).build());
	}

	@Test
	void endsWhenTheStoreIsBehindWhatTheWatchHasTold() {
		Watch watch = open(ALL);
		createdOn(this.member, 0, 200).send(events(0, 150));
		this.listener.awaitRevisions(150L);
		this.member.watch().awaitStream(0).fail(Status.UNAVAILABLE);

		createdOn(this.member, 1, 100);

		await().until(() -> !watch.isOpen());
		await().until(() -> this.listener.signals().contains("closed by HistoryResetException"));
		assertThat(this.listener.causes()).singleElement()
			.isInstanceOfSatisfying(HistoryResetException.class, (end) -> {
				assertThat(end.followedRevision()).isEqualTo(150);
				assertThat(end.revision()).isEqualTo(100);
				assertThat(end).hasMessageContaining("the cluster was put back, to revision 100 from 150");
			});
	}

	@Test
	void goesOnWhenItsMemberMerelyLagsBehind() {
		this.member.range().otherwise((call) -> answerAt(150, call));
		Watch watch = open(ALL);
		createdOn(this.member, 0, 200).send(events(0, 150));
		this.listener.awaitRevisions(150L);
		this.member.watch().awaitStream(0).fail(Status.UNAVAILABLE);

		var second = createdOn(this.member, 1, 149);
		this.member.range().awaitCall(0);
		second.send(events(0, 151));

		this.listener.awaitRevisions(150L, 151L);
		assertThat(watch.isOpen()).isTrue();
		assertThat(this.member.range().calls()).singleElement()
			.satisfies((call) -> assertThat(call.request().getSerializable()).isFalse());
	}

	@Test
	void goesOnThoughItIsPastTheAnswerWhenThatComes() {
		this.member.range().thenHold();
		Watch watch = open(ALL);
		createdOn(this.member, 0, 200).send(events(0, 150));
		this.listener.awaitRevisions(150L);
		this.member.watch().awaitStream(0).fail(Status.UNAVAILABLE);
		var second = createdOn(this.member, 1, 149);
		var read = this.member.range().awaitCall(0);
		second.send(events(0, 151));
		this.listener.awaitRevisions(150L, 151L);

		answerAt(150, read);

		second.send(events(0, 152));
		this.listener.awaitRevisions(150L, 151L, 152L);
		assertThat(this.client.kv().get("k").count()).isZero();
		second.send(events(0, 153));
		this.listener.awaitRevisions(150L, 151L, 152L, 153L);
		assertThat(watch.isOpen()).isTrue();
	}

	@Test
	void isCreatedOnceWhenTheStoreIsFoundPutBackWhileItIsCreated() {
		new RangeStore(1, 0).serve(this.member);
		this.member.range().thenHold();
		open(ALL.withRelist());
		createdOn(this.member, 0, 200).send(events(0, 150));
		this.listener.awaitRevisions(150L);
		this.member.watch().awaitStream(0).fail(Status.UNAVAILABLE);
		var second = createdOn(this.member, 1, 100);
		var read = this.member.range().awaitCall(0);
		second.fail(Status.UNAVAILABLE);
		var third = this.member.watch().awaitStream(2);
		assertThat(startOf(third, 0)).isEqualTo(151);

		answerAt(100, read);
		third.send(created(0, 100));

		assertThat(third.awaitMessage(1).getCancelRequest().getWatchId()).isZero();
		assertThat(startOf(third, 2)).isEqualTo(101);
		third.send(created(1, 100));
		third.send(events(1, 101));
		this.listener.awaitRevisions(150L, 101L);
		assertThat(third.messages()).hasSize(3);
	}

	@Test
	void readsTheRangeAnewOnceThoughAnOlderQuestionIsAnsweredLate() {
		this.member.range().thenHold();
		open(ALL.withRelist());
		createdOn(this.member, 0, 200).send(events(0, 150));
		this.listener.awaitRevisions(150L);
		this.member.watch().awaitStream(0).fail(Status.UNAVAILABLE);
		var second = createdOn(this.member, 1, 100);
		var question = this.member.range().awaitCall(0);
		new RangeStore(1, 0).serve(this.member);
		this.client.kv().get("k");
		second.fail(Status.UNAVAILABLE);
		var third = createdOn(this.member, 2, 100);
		assertThat(third.awaitMessage(1).hasCancelRequest()).isTrue();
		assertThat(startOf(third, 2)).isEqualTo(101);
		third.send(created(1, 100));

		answerAt(100, question);
		third.send(events(1, 101));

		this.listener.awaitRevisions(150L, 101L);
		assertThat(third.messages()).hasSize(3);
		assertThat(this.listener.calls()).filteredOn((call) -> call.startsWith("snapshot")).hasSize(1);
	}

	@Test
	void asksNothingOfAStartInTheFuture() {
		Watch watch = open(WatchRequest.of(KeyRange.key("k")).from(1000));

		createdOn(this.member, 0, 100).send(events(0, 1000));

		this.listener.awaitRevisions(1000L);
		assertThat(watch.isOpen()).isTrue();
		assertThat(this.member.range().count()).isZero();
	}

	@Test
	void noticesAStoreThatWasPutBackBeforeAnyEvent() {
		this.member.range().then((call) -> answerAt(300, call));
		Watch watch = open(WatchRequest.of(KeyRange.key("k")));

		createdOn(this.member, 0, 100);

		await().until(() -> !watch.isOpen());
		await().until(() -> this.listener.signals().contains("closed by HistoryResetException"));
	}

	@Test
	void asksAgainWhenItCannotBeFoundOutAtOnce() {
		this.member.range().thenFail(Status.UNKNOWN);
		Watch watch = open(ALL);
		createdOn(this.member, 0, 200).send(events(0, 150));
		this.listener.awaitRevisions(150L);
		this.member.watch().awaitStream(0).fail(Status.UNAVAILABLE);

		createdOn(this.member, 1, 100);

		await().until(() -> !watch.isOpen());
		assertThat(this.member.range().count()).isEqualTo(2);
	}

	@Test
	void asksOnceForAllWatchesOfAMemberThatLags() {
		this.member.range().otherwise((call) -> answerAt(500, call));
		this.client.kv().get("k");
		this.member.range().thenHold();
		for (int i = 0; i < 50; i++) {
			open(WatchRequest.of(KeyRange.key("k" + i)).from(301));
		}
		var stream = this.member.watch().awaitStream(0);
		for (int i = 0; i < 50; i++) {
			stream.awaitMessage(i);
			stream.send(created(i, 100));
		}
		stream.send(events(49, 301));
		this.listener.awaitRevisions(301L);

		answerAt(500, this.member.range().awaitCall(1));

		this.member.range().awaitCall(2);
		stream.send(events(48, 302));
		this.listener.awaitRevisions(301L, 302L);
		assertThat(this.member.range().count()).isEqualTo(3);
		assertThat(this.listener.signals()).isEmpty();
	}

	@Test
	void readsTheRangeAnewInsteadOfEndingWhenItsPlaceIsCompacted() {
		new RangeStore(2, 0).serve(this.member);
		Watch watch = open(ALL.withRelist());
		var stream = createdOn(this.member, 0, 50);
		stream.send(events(0, 5));

		stream.send(compacted(0, 42));

		assertThat(startOf(stream, 1)).isEqualTo(101);
		stream.send(created(1, 100));
		stream.send(events(1, 101));
		this.listener.awaitCalls("events [5]", "snapshot 100 [k0000=, k0001=]", "events [101]");
		assertThat(watch.isOpen()).isTrue();
		assertThat(this.member.watch().count()).isEqualTo(1);
	}

	@Test
	void readsTheRangeAnewWhenItsStartIsRefusedAsCompacted() {
		new RangeStore(1, 0).serve(this.member);
		open(ALL.withRelist());
		var stream = this.member.watch().awaitStream(0);
		stream.awaitMessage(0);

		stream.send(refused(-1, "etcdserver: mvcc: required revision has been compacted"));

		assertThat(startOf(stream, 1)).isEqualTo(101);
		this.listener.awaitCalls("snapshot 100 [k0000=]");
	}

	@Test
	void readsTheRangeAnewWhenTheStoreWasPutBackAndGoesOnBelowItsPlace() {
		new RangeStore(1, 0).serve(this.member);
		open(ALL.withRelist());
		createdOn(this.member, 0, 200).send(events(0, 150));
		this.listener.awaitRevisions(150L);
		this.member.watch().awaitStream(0).fail(Status.UNAVAILABLE);

		var second = createdOn(this.member, 1, 100);

		assertThat(second.awaitMessage(1).hasCancelRequest()).isTrue();
		assertThat(startOf(second, 2)).isEqualTo(101);
		second.send(created(1, 100));
		second.send(events(1, 101));
		this.listener.awaitRevisions(150L, 101L);
		assertThat(this.listener.calls()).containsExactly("events [150]", "disconnected", "resumed",
				"snapshot 100 [k0000=]", "events [101]");
	}

	@Test
	void triesAgainToReadTheRangeAnew() {
		RangeStore store = new RangeStore(1, 0);
		this.member.range()
			.thenFail(Status.OUT_OF_RANGE.withDescription("etcdserver: mvcc: required revision has been compacted"));
		store.serve(this.member);
		open(ALL.withRelist());
		var stream = createdOn(this.member, 0, 50);

		stream.send(compacted(0, 42));

		assertThat(startOf(stream, 1)).isEqualTo(101);
		this.listener.awaitCalls("snapshot 100 [k0000=]");
	}

	@Test
	void endsWhenItMayNotReadTheRangeAnew() {
		this.member.range().otherwiseFail(Status.PERMISSION_DENIED.withDescription("etcdserver: permission denied"));
		Watch watch = open(ALL.withRelist());

		createdOn(this.member, 0, 50).send(compacted(0, 42));

		await().until(() -> !watch.isOpen());
		await().until(() -> !this.listener.causes().isEmpty());
		assertThat(this.listener.causes()).singleElement().isInstanceOf(EtcdPermissionException.class);
	}

	@Test
	void readsTheRangeAnewThoughTheStreamIsLostMeanwhile() {
		this.member.range().thenHold();
		open(ALL.withRelist());
		var stream = createdOn(this.member, 0, 50);
		stream.send(compacted(0, 42));
		var read = this.member.range().awaitCall(0);
		stream.fail(Status.UNAVAILABLE);
		this.listener.awaitCalls("disconnected");

		read.answer(new RangeStore(1, 0).answer(read.request()));

		assertThat(startOf(this.member.watch().awaitStream(1), 0)).isEqualTo(101);
		this.listener.awaitCalls("disconnected", "snapshot 100 [k0000=]");
	}

	@Test
	void stopsReadingAnewWhenItIsClosed() {
		this.member.range().thenHold();
		Watch watch = open(ALL.withRelist());
		createdOn(this.member, 0, 50).send(compacted(0, 42));
		var read = this.member.range().awaitCall(0);

		watch.close();

		await().until(read::isCancelled);
		this.listener.awaitCalls("closed");
	}

	@Test
	void showsASnapshotInItsNamespace() {
		this.member.range().otherwise((call) -> {
			assertThat(call.request().getKey().toStringUtf8()).isEqualTo("app/k");
			call.answer(RangeResponse.newBuilder()
				.setHeader(ResponseHeader.newBuilder().setRevision(100))
				.addKvs(keyValue("app/k1", ByteString.copyFromUtf8("v"), 9))
				.build());
		});
		this.client.withNamespace("app/").watch().open(ALL.withRelist(), this.listener);

		createdOn(this.member, 0, 50).send(compacted(0, 42));

		this.listener.awaitCalls("snapshot 100 [k1=v]");
	}

	@Test
	void failsAListenerThatTakesNoSnapshots() {
		new RangeStore(1, 0).serve(this.member);
		List<String> told = new CopyOnWriteArrayList<>();
		this.client.watch().open(ALL.withRelist(), new NoSnapshots(told));

		createdOn(this.member, 0, 50).send(compacted(0, 42));

		await().untilAsserted(() -> assertThat(told).singleElement()
			.asString()
			.contains("takes no snapshots (expected: onSnapshot is overridden, or no withRelist())"));
	}

	/** Says why it cannot go on. */
	private record NoSnapshots(List<String> told) implements WatchListener {

		@Override
		public void onEvents(List<WatchEvent> events) {
		}

		@Override
		public boolean goesOnAfter(Throwable failure) {
			this.told.add(String.valueOf(failure.getMessage()));
			return false;
		}

	}

}
