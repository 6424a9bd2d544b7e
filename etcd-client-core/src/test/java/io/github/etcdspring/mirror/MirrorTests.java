/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.mirror;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

import com.google.protobuf.ByteString;
import io.github.etcdspring.EtcdClosedException;
import io.github.etcdspring.EtcdPermissionException;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.fixture.FakeClock;
import io.github.etcdspring.fixture.ScriptedCluster;
import io.github.etcdspring.fixture.ScriptedEtcd;
import io.github.etcdspring.fixture.ScriptedStream;
import io.github.etcdspring.fixture.WatchAnswers;
import io.github.etcdspring.internal.proto.HeaderProto.ResponseHeader;
import io.github.etcdspring.internal.proto.KvProto.RangeResponse;
import io.github.etcdspring.internal.proto.WatchProto.WatchRequest;
import io.github.etcdspring.internal.proto.WatchProto.WatchResponse;
import io.grpc.Status;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static io.github.etcdspring.fixture.Results.failureOf;
import static io.github.etcdspring.fixture.Results.resultOf;
import static io.github.etcdspring.fixture.WatchAnswers.compacted;
import static io.github.etcdspring.fixture.WatchAnswers.createdOn;
import static io.github.etcdspring.fixture.WatchAnswers.delete;
import static io.github.etcdspring.fixture.WatchAnswers.events;
import static io.github.etcdspring.fixture.WatchAnswers.put;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

/**
 * Tests of {@link Mirror} into a cluster: what is written in which transaction, and what
 * lost answers, other writers and other histories do to it.
 */
class MirrorTests {

	private static final Status REFUSED = Status.PERMISSION_DENIED.withDescription("etcdserver: permission denied");

	private static final Duration LONGEST_PAUSE = Duration.ofSeconds(3);

	@RegisterExtension
	final ScriptedCluster cluster = new ScriptedCluster();

	private final FakeClock clock = new FakeClock();

	/** {@code reached 5} or {@code relist CompactedException}. */
	private final List<String> told = new CopyOnWriteArrayList<>();

	private final TargetStore store = new TargetStore();

	private ScriptedEtcd source;

	private ScriptedEtcd target;

	private EtcdClient sourceClient;

	private EtcdClient targetClient;

	@BeforeEach
	void start() {
		this.source = this.cluster.member();
		this.target = this.cluster.member();
		noRangeStream(this.source);
		noRangeStream(this.target);
		this.store.serve(this.target);
		this.sourceClient = this.cluster.client(this.clock, this.source);
		this.targetClient = this.cluster.client(this.clock, this.target);
	}

	private static void noRangeStream(ScriptedEtcd member) {
		member.rangeStream()
			.onOpen((stream) -> stream
				.fail(Status.UNIMPLEMENTED.withDescription("unknown method RangeStream for service etcdserverpb.KV")));
	}

	private MirrorTarget target() {
		return MirrorTarget.of(this.targetClient, "t/");
	}

	private Mirror open() {
		return open(MirrorRequest.of("s/"), target());
	}

	private Mirror open(MirrorRequest request, MirrorTarget target) {
		return this.cluster.closing(Mirror.open(this.sourceClient, request, target, new MirrorListener() {

			@Override
			public void onReached(long revision) {
				MirrorTests.this.told.add("reached " + revision);
			}

			@Override
			public void onRelist(Throwable reason) {
				MirrorTests.this.told.add("relist " + reason.getClass().getSimpleName());
			}

		}));
	}

	/** Each entry is {@code key=value}, without the prefix. */
	private static RangeResponse page(long revision, boolean more, String... entries) {
		return RangeResponse.newBuilder()
			.setHeader(ResponseHeader.newBuilder().setRevision(revision))
			.addAllKvs(Stream.of(entries)
				.map((entry) -> entry.split("=", 2))
				.map((entry) -> WatchAnswers.keyValue("s/" + entry[0], ByteString.copyFromUtf8(entry[1]), 50)
					.toBuilder()
					.setLease(7)
					.build())
				.toList())
			.setMore(more)
			.build();
	}

	private ScriptedStream<WatchRequest, WatchResponse> following(Mirror mirror) {
		resultOf(mirror.ready());
		return createdOn(this.source, 0);
	}

	private void awaitTold(String... expected) {
		this.clock.passDelaysUntil(() -> this.told.size() >= expected.length, LONGEST_PAUSE);
		assertThat(this.told).containsExactly(expected);
	}

	@Test
	void copiesPagesOfOneRevisionAndFollowsFromTheNext() {
		this.source.range().thenAnswer(page(100, true, "a=1", "b=2")).thenAnswer(page(105, false, "c=3"));

		Mirror mirror = open();

		assertThat(resultOf(mirror.ready())).isEqualTo(100);
		assertThat(this.store.contents()).isEqualTo(Map.of("t/a", "1", "t/b", "2", "t/c", "3"));
		assertThat(this.store.written()).containsExactly("t/a=1, t/b=2", "t/c=3");
		assertThat(this.source.range().awaitCall(1).request().getRevision()).isEqualTo(100);
		var stream = createdOn(this.source, 0);
		assertThat(stream.awaitMessage(0).getCreateRequest().getStartRevision()).isEqualTo(101);
		assertThat(mirror.revision()).isEqualTo(100);
		assertThat(mirror.end()).isNotDone();
	}

	@Test
	void writesWhatDiffersAndDeletesWhatTheSourceDoesNotHave() {
		this.store.put("t/", "old", 0);
		this.store.put("t/a", "1", 0);
		this.store.put("t/ab", "old", 0);
		this.store.put("t/b", "old", 0);
		this.store.put("t/c", "3", 9);
		this.store.put("t/z", "old", 0);
		this.store.put("u", "another's", 0);
		this.source.range().thenAnswer(page(100, true, "a=1", "b=2")).thenAnswer(page(105, false, "c=3"));

		resultOf(open().ready());

		assertThat(this.store.contents()).isEqualTo(Map.of("t/a", "1", "t/b", "2", "t/c", "3", "u", "another's"));
		assertThat(this.store.written()).containsExactly("-t/, -t/ab, t/b=2", "t/c=3, -t/z");
	}

	@Test
	void emptiesTheTargetWhenTheSourceIsEmpty() {
		this.store.put("t/a", "1", 0);
		this.source.range().thenAnswer(page(100, false));

		resultOf(open().ready());

		assertThat(this.store.contents()).isEmpty();
	}

	@Test
	void writesAllChangesOfARevisionInOneTransactionAndRevisionsInOrder() {
		this.source.range().thenAnswer(page(100, false, "a=1", "b=2"));
		Mirror mirror = open();
		var stream = following(mirror);

		stream.send(events(0, List.of(put("s/a", "3", 101), delete("s/b", 101), put("s/c", "4", 102))));
		stream.send(events(0, List.of(delete("s/none", 103))));

		awaitTold("reached 100", "reached 101", "reached 102", "reached 103");
		assertThat(this.store.written()).containsExactly("t/a=1, t/b=2", "t/a=3, -t/b", "t/c=4", "-t/none");
		assertThat(this.store.contents()).isEqualTo(Map.of("t/a", "3", "t/c", "4"));
		assertThat(mirror.revision()).isEqualTo(103);
		assertThat(this.target.txn().awaitCall(1).request().getSuccess(0).getRequestPut().getLease()).isZero();
	}

	@Test
	void splitsChangesThatAreMoreThanTheTargetAllowsBesideTheMirrorsKey() {
		this.source.range().thenAnswer(page(100, false));
		Mirror mirror = open(MirrorRequest.of("s/"), target().withMaxOperations(3));
		var stream = following(mirror);

		stream.send(events(0, List.of(put("s/a", "1", 101), put("s/b", "2", 101), put("s/c", "3", 101))));

		awaitTold("reached 100", "reached 101");
		assertThat(this.store.written()).containsExactly("t/a=1, t/b=2", "t/c=3");
	}

	@Test
	void splitsChangesThatAreLargerThanTheTargetTakes() {
		this.source.range().thenAnswer(page(100, false));
		Mirror mirror = open();
		var stream = following(mirror);
		this.target.txn()
			.thenFail(Status.INVALID_ARGUMENT.withDescription("etcdserver: request is too large"))
			.thenFail(Status.INVALID_ARGUMENT.withDescription("etcdserver: too many operations in txn request"));

		stream.send(events(0,
				List.of(put("s/a", "1", 101), put("s/b", "2", 101), put("s/c", "3", 101), put("s/d", "4", 101))));

		awaitTold("reached 100", "reached 101");
		assertThat(this.store.written()).containsExactly("t/a=1", "t/b=2", "t/c=3, t/d=4");
	}

	@Test
	void endsWhenOneChangeAloneIsTooLarge() {
		this.source.range().thenAnswer(page(100, false));
		Mirror mirror = open();
		var stream = following(mirror);
		this.target.txn().thenFail(Status.INVALID_ARGUMENT.withDescription("etcdserver: request is too large"));

		stream.send(events(0, List.of(put("s/a", "1", 101))));

		assertThat(failureOf(mirror.end())).hasMessageContaining("request is too large");
		assertThat(mirror.revision()).isEqualTo(100);
	}

	@Test
	void copiesAllAnewAndDeletesWhatIsGoneWhenItsPlaceIsCompacted() {
		this.source.range().thenAnswer(page(100, false, "a=1", "b=2")).thenAnswer(page(200, false, "b=3", "c=4"));
		Mirror mirror = open();

		following(mirror).send(compacted(0, 150));

		awaitTold("reached 100", "relist CompactedException", "reached 200");
		assertThat(this.store.contents()).isEqualTo(Map.of("t/b", "3", "t/c", "4"));
		assertThat(this.store.written()).containsExactly("t/a=1, t/b=2", "-t/a, t/b=3", "t/c=4");
	}

	@Test
	void copiesAllAnewWhenAPageIsCompactedMeanwhile() {
		this.source.range()
			.thenAnswer(page(100, true, "a=1", "b=2"))
			.thenFail(Status.OUT_OF_RANGE.withDescription("etcdserver: mvcc: required revision has been compacted"))
			.thenAnswer(page(200, false, "b=3"));

		open();

		awaitTold("relist CompactedException", "reached 200");
		assertThat(this.store.contents()).isEqualTo(Map.of("t/b", "3"));
	}

	@Test
	@DisplayName("a write whose answer was lost cannot come late and undo a newer one")
	void makesSureThatAWriteWhoseAnswerWasLostIsOver() {
		this.source.range().thenAnswer(page(100, false));
		Mirror mirror = open();
		var stream = following(mirror);
		int calls = this.target.txn().count();
		this.target.txn().thenFail(Status.UNAVAILABLE);

		stream.send(events(0, List.of(put("s/a", "1", 101))));
		stream.send(events(0, List.of(delete("s/a", 102))));
		awaitTold("reached 100", "reached 101", "reached 102");
		this.store.commit(this.target.txn().awaitCall(calls).request());

		assertThat(this.store.contents()).isEmpty();
		assertThat(this.store.written()).containsExactly("t/a=1", "-t/a");
	}

	@Test
	void goesOnWhenTheLostAnswerWasThatOfAWriteWhichHappened() {
		this.source.range().thenAnswer(page(100, false));
		Mirror mirror = open();
		var stream = following(mirror);
		this.target.txn().then((call) -> {
			this.store.commit(call.request());
			call.fail(Status.UNAVAILABLE);
		}).then((call) -> {
			// and that of the fence after it
			this.store.commit(call.request());
			call.fail(Status.UNAVAILABLE);
		});

		stream.send(events(0, List.of(put("s/a", "1", 101), put("s/b", "2", 102))));

		awaitTold("reached 100", "reached 101", "reached 102");
		assertThat(this.store.written()).containsExactly("t/a=1", "t/b=2");
	}

	@Test
	void endsWhenAnotherMirrorTakesTheTargetOver() {
		this.source.range().thenAnswer(page(100, false));
		Mirror mirror = open();
		var stream = following(mirror);
		this.store.put(TargetStore.FENCE, "another", 0);

		stream.send(events(0, List.of(put("s/a", "1", 101))));

		assertThat(failureOf(mirror.end())).isInstanceOf(IllegalStateException.class)
			.hasMessageContaining("another mirror");
		assertThat(this.store.contents()).isEmpty();
		assertThat(this.store.hasFence()).isTrue();
	}

	@Test
	void doesNotTakeTheTargetBackWhenItCopiesAllAnew() {
		this.source.range().thenAnswer(page(100, false)).otherwise((call) -> call.answer(page(200, false, "a=1")));
		Mirror mirror = open();
		var stream = following(mirror);
		this.store.put(TargetStore.FENCE, "another", 0);

		stream.send(compacted(0, 150));
		awaitTold("reached 100", "relist CompactedException");

		assertThat(failureOf(mirror.end())).isInstanceOf(IllegalStateException.class);
		assertThat(this.store.contents()).isEmpty();
	}

	@Test
	void copiesAllAnewWhenTheTargetWasPutBack() {
		this.source.range()
			.thenAnswer(page(100, false, "a=1"))
			.otherwise((call) -> call.answer(page(103, false, "a=1", "b=2", "c=3", "d=4")));
		Mirror mirror = open();
		var stream = following(mirror);
		stream.send(events(0, List.of(put("s/b", "2", 101), put("s/c", "3", 102))));
		awaitTold("reached 100", "reached 101", "reached 102");
		this.store.putBack(this.store.revision() - 2);

		stream.send(events(0, List.of(put("s/d", "4", 103))));

		awaitTold("reached 100", "reached 101", "reached 102", "relist HistoryResetException", "reached 103");
		assertThat(this.store.contents()).isEqualTo(Map.of("t/a", "1", "t/b", "2", "t/c", "3", "t/d", "4"));
	}

	@Test
	void copiesAllAnewWhenTheTargetWasPutBackBetweenTwoWritesAndHasGrownBeyondThem() {
		this.source.range()
			.thenAnswer(page(100, false, "a=1"))
			.otherwise((call) -> call.answer(page(103, false, "a=1", "b=2", "c=3", "d=4")));
		Mirror mirror = open();
		var stream = following(mirror);
		stream.send(events(0, List.of(put("s/b", "2", 101), put("s/c", "3", 102))));
		awaitTold("reached 100", "reached 101", "reached 102");
		long before = this.store.revision();
		this.store.putBack(before - 1);
		for (int i = 0; i < 5; i++) {
			this.store.put("u", "another's", 0);
		}
		assertThat(this.store.revision()).isGreaterThan(before);

		stream.send(events(0, List.of(put("s/d", "4", 103))));

		awaitTold("reached 100", "reached 101", "reached 102", "relist HistoryResetException", "reached 103");
		assertThat(this.store.contents())
			.isEqualTo(Map.of("t/a", "1", "t/b", "2", "t/c", "3", "t/d", "4", "u", "another's"));
	}

	@Test
	void copiesAllAnewWhenTheTargetWasPutBackAfterItWasComparedAndNothingDiffered() {
		this.store.put("t/a", "1", 0);
		long before = this.store.revision();
		this.source.range().otherwise((call) -> call.answer(page(100, false, "a=1")));
		this.target.range().then((call) -> call.answer(this.store.range(call.request()))).then((call) -> {
			call.answer(this.store.range(call.request()));
			this.store.putBack(before);
			this.store.put("t/a", "0", 0);
		});

		open();

		awaitTold("relist HistoryResetException", "reached 100");
		assertThat(this.store.contents()).isEqualTo(Map.of("t/a", "1"));
	}

	@Test
	void goesOnWhenTheTargetWasPutBackToTheTimeOfAnEarlierMirror() {
		this.store.put(TargetStore.FENCE, "an earlier mirror's", 0);
		long earlier = this.store.revision();
		this.source.range()
			.thenAnswer(page(100, false, "a=1"))
			.otherwise((call) -> call.answer(page(101, false, "a=1", "b=2")));
		Mirror mirror = open();
		var stream = following(mirror);
		this.store.putBack(earlier);

		stream.send(events(0, List.of(put("s/b", "2", 101))));

		awaitTold("reached 100", "relist HistoryResetException", "reached 101");
		assertThat(this.store.contents()).isEqualTo(Map.of("t/a", "1", "t/b", "2"));
	}

	@Test
	void endsWhenAKeyHasNoPlaceInTheTarget() {
		this.source.range().thenAnswer(page(100, false, "=1"));

		Mirror mirror = open(MirrorRequest.of("s/"), MirrorTarget.of(this.targetClient, ""));

		assertThat(failureOf(mirror.end())).isInstanceOf(IllegalArgumentException.class);
	}

	@Test
	@DisplayName("a take-over whose answer was lost cannot come late and push out the next mirror")
	void takesTheTargetOverOnce() {
		this.source.range().thenAnswer(page(100, false));
		this.target.txn().thenFail(Status.UNAVAILABLE);
		Mirror mirror = open();
		this.clock.passDelaysUntil(() -> mirror.revision() == 100, LONGEST_PAUSE);
		this.store.put(TargetStore.FENCE, "another", 0);

		assertThat(this.store.commit(this.target.txn().awaitCall(0).request()).getSucceeded()).isFalse();
	}

	@Test
	void endsWhenTheTargetRefuses() {
		this.source.range().thenAnswer(page(100, false));
		this.target.txn().thenFail(REFUSED);

		Mirror mirror = open();

		assertThat(failureOf(mirror.end())).isInstanceOf(EtcdPermissionException.class);
		assertThat(failureOf(mirror.ready())).isInstanceOf(EtcdPermissionException.class);
	}

	@Test
	void endsWhenTheSourceRefuses() {
		this.source.range().thenFail(REFUSED);

		assertThat(failureOf(open().end())).isInstanceOf(EtcdPermissionException.class);
		assertThat(this.store.hasFence()).isFalse();
	}

	@Test
	void endsWhenTheSourceIsClosed() {
		this.source.range().thenAnswer(page(100, false));
		Mirror mirror = open();
		following(mirror);

		this.sourceClient.close();

		assertThat(failureOf(mirror.end())).isInstanceOf(EtcdClosedException.class);
	}

	@Test
	void goesOnFromARevisionWithoutCopyingAll() {
		this.store.put("t/a", "1", 0);
		Mirror mirror = open(MirrorRequest.of("s/").from(81), target());

		var stream = following(mirror);
		stream.send(events(0, List.of(put("s/b", "2", 101))));

		awaitTold("reached 80", "reached 101");
		assertThat(stream.awaitMessage(0).getCreateRequest().getStartRevision()).isEqualTo(81);
		assertThat(this.store.contents()).isEqualTo(Map.of("t/a", "1", "t/b", "2"));
	}

	@Test
	void copiesAllWhenTheSourceIsBehindWhatWasCopied() {
		this.store.put("t/a", "1", 0);
		this.source.range().thenAnswer(page(70, false)).thenAnswer(page(70, false, "b=2"));

		open(MirrorRequest.of("s/").from(81), target());

		awaitTold("relist HistoryResetException", "reached 70");
		assertThat(this.store.contents()).isEqualTo(Map.of("t/b", "2"));
	}

	@Test
	void takesItsKeyBackAndWritesNoMoreWhenClosed() {
		this.source.range().thenAnswer(page(100, false, "a=1"));
		Mirror mirror = open();
		var stream = following(mirror);

		mirror.close();
		mirror.close();

		assertThat(this.store.hasFence()).isFalse();
		assertThat(stream.awaitMessage(1).hasCancelRequest()).isTrue();
		assertThat(this.store.contents()).containsOnlyKeys("t/a");
		assertThat(resultOf(mirror.end())).isNull();
		assertThat(mirror.revision()).isEqualTo(100);
	}

	@Test
	void takesItsKeyBackThoughTheAnswerToItsLastWriteWasLost() {
		this.source.range().thenAnswer(page(100, false));
		Mirror mirror = open();
		var stream = following(mirror);
		this.target.txn().then((call) -> {
			this.store.commit(call.request());
			call.fail(Status.UNAVAILABLE);
		});
		stream.send(events(0, List.of(put("s/a", "1", 101))));
		await().until(() -> this.store.contents().containsKey("t/a"));

		mirror.close();

		assertThat(this.store.hasFence()).isFalse();
		assertThat(this.store.contents()).containsOnlyKeys("t/a");
	}

	@Test
	void failsItsFirstCopyWhenItIsClosedBefore() {
		this.source.range().thenHold();
		Mirror mirror = open();
		this.source.range().awaitCall(0);

		mirror.close();

		assertThat(failureOf(mirror.ready())).isInstanceOf(EtcdClosedException.class);
		assertThat(resultOf(mirror.end())).isNull();
	}

	@Test
	void closesInTimeWhenTheTargetIsSilent() {
		this.source.range().thenAnswer(page(100, false));
		Mirror mirror = open();
		following(mirror);
		this.target.txn().otherwiseHold();

		mirror.close();

		assertThat(resultOf(mirror.end())).isNull();
		this.target.txn().otherwise((call) -> call.answer(this.store.commit(call.request())));
	}

	@Test
	void goesOnWhenAListenerFails() {
		this.source.range().thenAnswer(page(100, false));
		Mirror mirror = this.cluster
			.closing(Mirror.open(this.sourceClient, MirrorRequest.of("s/"), target(), new MirrorListener() {

				@Override
				public void onReached(long revision) {
					throw new IllegalStateException("thrown on purpose");
				}

			}));

		following(mirror).send(events(0, List.of(put("s/a", "1", 101))));

		await().until(() -> mirror.revision() == 101);
	}

	@Test
	void refusesToCopyItsCopy() {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> Mirror.open(this.targetClient, MirrorRequest.of("t/a"), target()))
			.withMessageContaining("apart from each other");
		assertThatIllegalArgumentException()
			.isThrownBy(() -> Mirror.open(this.targetClient, MirrorRequest.of(""), target()));
		assertThatIllegalArgumentException().isThrownBy(() -> target().withMaxOperations(1));
		assertThatIllegalArgumentException().isThrownBy(() -> MirrorRequest.of("a").from(0));
		assertThat(MirrorRequest.of("a").from(3)).hasToString("MirrorRequest[a from 3]");
		assertThat(target()).hasToString("MirrorTarget[t/]");
	}

}
