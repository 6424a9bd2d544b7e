/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.cache;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

import com.google.protobuf.ByteString;
import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.EtcdClosedException;
import io.github.etcdspring.KeyRange;
import io.github.etcdspring.KeyValue;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.fixture.FakeClock;
import io.github.etcdspring.fixture.ScriptedCluster;
import io.github.etcdspring.fixture.ScriptedEtcd;
import io.github.etcdspring.fixture.ScriptedStream;
import io.github.etcdspring.fixture.WatchAnswers;
import io.github.etcdspring.internal.proto.HeaderProto.ResponseHeader;
import io.github.etcdspring.internal.proto.KvProto.RangeRequest;
import io.github.etcdspring.internal.proto.KvProto.RangeResponse;
import io.github.etcdspring.internal.proto.WatchProto.WatchRequest;
import io.github.etcdspring.internal.proto.WatchProto.WatchResponse;
import io.grpc.Status;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static io.github.etcdspring.fixture.Results.failureOf;
import static io.github.etcdspring.fixture.Results.resultOf;
import static io.github.etcdspring.fixture.WatchAnswers.canceled;
import static io.github.etcdspring.fixture.WatchAnswers.compacted;
import static io.github.etcdspring.fixture.WatchAnswers.delete;
import static io.github.etcdspring.fixture.WatchAnswers.events;
import static io.github.etcdspring.fixture.WatchAnswers.put;
import static io.github.etcdspring.fixture.WatchAnswers.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests of {@link RangeCache}: pages, compaction, losses, listeners that fail.
 */
class RangeCacheTests {

	private static final KeyRange RANGE = KeyRange.prefix("k");

	private static final Status COMPACTED = Status.OUT_OF_RANGE
		.withDescription("etcdserver: mvcc: required revision has been compacted");

	/** The longest pause before the range is read again. */
	private static final Duration LONGEST_DELAY = Duration.ofSeconds(3);

	private static final int LIMIT = 4 * 1024 * 1024;

	private static final RangeResponse TOO_LARGE = RangeResponse.newBuilder()
		.addKvs(WatchAnswers.keyValue("k", ByteString.copyFrom(new byte[LIMIT]), 50))
		.build();

	@RegisterExtension
	final ScriptedCluster cluster = new ScriptedCluster();

	/** What the first listener was told: revision and keys before and after. */
	private final List<String> changes = new CopyOnWriteArrayList<>();

	private ScriptedEtcd member;

	private EtcdClient client;

	@BeforeEach
	void start() {
		this.member = this.cluster.member();
		this.client = this.cluster.client((options) -> options.maxInboundMessageSize(LIMIT), this.member);
	}

	@Test
	void readsPagesAtOneRevisionAndWatchesFromTheNext() {
		this.member.range()
			.thenAnswer(page(100, true, "k1", "k2"))
			.thenAnswer(page(105, true, "k3"))
			.thenAnswer(page(106, false, "k4"));

		RangeCache cache = open();

		assertThat(resultOf(cache.ready()).revision()).isEqualTo(100);
		assertThat(keys(cache.snapshot())).containsExactly("k1", "k2", "k3", "k4");
		List<RangeRequest> reads = this.member.range().calls().stream().map((call) -> call.request()).toList();
		assertThat(reads).extracting(RangeRequest::getRevision).containsExactly(0L, 100L, 100L);
		assertThat(reads).extracting((read) -> read.getKey().toStringUtf8()).containsExactly("k", "k2\0", "k3\0");
		assertThat(reads).extracting((read) -> read.getRangeEnd().toStringUtf8()).containsOnly("l");
		assertThat(reads).extracting(RangeRequest::getLimit).containsOnly(1000L);
		assertThat(watch(0).awaitMessage(0).getCreateRequest().getStartRevision()).isEqualTo(101);
		await().untilAsserted(() -> assertThat(this.changes).containsExactly("0[] to 100[k1, k2, k3, k4]"));
	}

	@Test
	void readsFromTheFirstPageAgainWhenItsRevisionIsCompactedMeanwhile() {
		this.member.range()
			.thenAnswer(page(100, true, "k1", "k2"))
			.thenFail(COMPACTED)
			.thenAnswer(page(200, false, "k2", "k3"));

		RangeCache cache = open();

		assertThat(resultOf(cache.ready()).revision()).isEqualTo(200);
		assertThat(keys(cache.snapshot())).containsExactly("k2", "k3");
		assertThat(this.member.range().calls()).extracting((call) -> call.request().getRevision())
			.containsExactly(0L, 100L, 0L);
	}

	@Test
	void readsTheRangeAgainAndTellsTheDifferenceWhenItsPlaceIsCompacted() {
		this.member.range().thenAnswer(page(100, false, "k1", "k2")).thenAnswer(page(200, false, "k2", "k3"));
		RangeCache cache = open();
		resultOf(cache.ready());
		await().until(() -> this.changes.size() == 1);
		var stream = created(0, 0);

		stream.send(compacted(0, 150));

		await().untilAsserted(
				() -> assertThat(this.changes).containsExactly("0[] to 100[k1, k2]", "100[k1, k2] to 200[k2, k3]"));
		var create = stream.awaitMessage(1).getCreateRequest();
		assertThat(create.getStartRevision()).isEqualTo(201);
		stream.send(WatchAnswers.created(1, 300));
		stream.send(events(1, List.of(put("k4", "", 201))));
		await().until(() -> cache.snapshot().revision() == 201);
		assertThat(keys(cache.snapshot())).containsExactly("k2", "k3", "k4");
	}

	@Test
	void appliesTheEventsOfOneAnswerTogether() {
		this.member.range().thenAnswer(page(100, false, "k1", "k2"));
		RangeCache cache = open();
		resultOf(cache.ready());
		await().until(() -> this.changes.size() == 1);

		created(0, 0)
			.send(events(0, List.of(put("k3", "a", 101), delete("k1", 101), put("k3", "b", 102), put("k2", "c", 103))));

		await().untilAsserted(
				() -> assertThat(this.changes).containsExactly("0[] to 100[k1, k2]", "100[k1, k2] to 103[k2, k3]"));
		assertThat(cache.snapshot().get(ByteSequence.of("k3")).map(KeyValue::value)).contains(ByteSequence.of("b"));
	}

	@Test
	void goesOnAndTellsOtherListenersWhenOneFails() {
		this.member.range().thenAnswer(page(100, false, "k1"));
		RangeCache cache = this.cluster.closing(RangeCache.open(this.client, RANGE, (previous, current) -> {
			throw new IllegalStateException("thrown on purpose");
		}, (previous, current) -> {
			throw new AssertionError("thrown on purpose");
		}, this::record));
		assertThat(resultOf(cache.ready()).revision()).isEqualTo(100);
		await().until(() -> this.changes.size() == 1);

		created(0, 0).send(events(0, List.of(put("k2", "", 101))));

		await()
			.untilAsserted(() -> assertThat(this.changes).containsExactly("0[] to 100[k1]", "100[k1] to 101[k1, k2]"));
	}

	@Test
	void isReadyOnceTheClusterIs() {
		this.member.range().thenHold().thenFail(Status.UNKNOWN).thenAnswer(page(100, false, "k1"));

		RangeCache cache = open();

		var first = this.member.range().awaitCall(0);
		assertThat(cache.snapshot().revision()).isZero();
		first.fail(Status.UNKNOWN);
		assertThat(resultOf(cache.ready()).revision()).isEqualTo(100);
		await().until(() -> cache.disconnectedFor().isEmpty());
	}

	@Test
	void keepsItsSnapshotAndSaysSinceWhenItMayBeOldWhileTheStreamIsLost() {
		FakeClock clock = new FakeClock();
		this.member.range().thenAnswer(page(100, false, "k1"));
		RangeCache cache = open(clock);
		resultOf(cache.ready());
		var stream = created(0, 0);
		assertThat(cache.disconnectedFor()).isEmpty();

		stream.fail(Status.UNAVAILABLE);
		await().until(() -> cache.disconnectedFor().isPresent());
		clock.awaitDelays(1, LONGEST_DELAY);
		clock.jump(Duration.ofSeconds(30));

		assertThat(cache.disconnectedFor()).contains(Duration.ofSeconds(30));
		assertThat(keys(cache.snapshot())).containsExactly("k1");
		clock.advance(Duration.ofMillis(61));
		created(1, 0);
		await().until(() -> cache.disconnectedFor().isEmpty());
	}

	@Test
	void saysThatItMayBeOldWhenTheStreamIsLostBeforeTheWatchIsCreated() {
		FakeClock clock = new FakeClock();
		this.member.range().thenAnswer(page(100, false, "k1"));
		RangeCache cache = open(clock);
		var stream = watch(0);
		stream.awaitMessage(0);

		stream.fail(Status.UNAVAILABLE);
		await().until(() -> cache.disconnectedFor().isPresent());
		clock.awaitDelays(1, LONGEST_DELAY);
		clock.jump(Duration.ofSeconds(30));

		assertThat(cache.disconnectedFor()).contains(Duration.ofSeconds(30));
	}

	@Test
	void asksForHalfAsManyKeysAtTheSameRevisionWhenAnAnswerIsTooLarge() {
		this.member.range()
			.thenAnswer(page(100, true, "k1", "k2"))
			.thenAnswer(TOO_LARGE)
			.thenAnswer(page(105, false, "k3"))
			.thenAnswer(page(200, false, "k4"));
		RangeCache cache = open();

		assertThat(resultOf(cache.ready()).revision()).isEqualTo(100);
		assertThat(keys(cache.snapshot())).containsExactly("k1", "k2", "k3");
		created(0, 0).send(compacted(0, 150));
		await().until(() -> cache.snapshot().revision() == 200);
		List<RangeRequest> reads = this.member.range().calls().stream().map((call) -> call.request()).toList();
		assertThat(reads).extracting(RangeRequest::getRevision).containsExactly(0L, 100L, 100L, 0L);
		assertThat(reads).extracting(RangeRequest::getLimit).containsExactly(1000L, 1000L, 500L, 1000L);
		assertThat(reads).extracting((read) -> read.getKey().toStringUtf8()).containsExactly("k", "k2\0", "k2\0", "k");
	}

	@Test
	void triesAgainLaterWhenOneKeyIsTooLarge() {
		FakeClock clock = new FakeClock();
		this.member.range().otherwise((call) -> call.answer(TOO_LARGE));
		RangeCache cache = open(clock);
		clock.awaitDelays(1, LONGEST_DELAY);
		assertThat(this.member.range().calls()).extracting((call) -> call.request().getLimit())
			.containsExactly(1000L, 500L, 250L, 125L, 62L, 31L, 15L, 7L, 3L, 1L);
		this.member.range().otherwise((call) -> call.answer(page(100, false, "k1")));

		clock.advance(Duration.ofMillis(150));

		assertThat(resultOf(cache.ready()).revision()).isEqualTo(100);
		assertThat(this.member.range().count()).isEqualTo(11);
	}

	@ParameterizedTest
	@MethodSource("ends")
	void readsMoreAndMoreRarelyWhenItsWatchEndsAtOnceEachTime(WatchResponse end) {
		FakeClock clock = new FakeClock();
		this.member.range().otherwise((call) -> call.answer(page(100, false, "k1")));
		this.member.watch().onMessage((stream, message) -> {
			stream.send(WatchAnswers.created(0, 1000));
			stream.send(end);
		});
		open(clock);

		clock.passDelaysUntil(() -> clock.delaysUpTo(LONGEST_DELAY).size() == 8, LONGEST_DELAY);

		List<Duration> delays = clock.delaysUpTo(LONGEST_DELAY);
		long expected = 100;
		for (Duration delay : delays) {
			assertThat(delay.toMillis()).isBetween(expected / 2 - 1, expected * 3 / 2);
			expected = Math.min(2000, expected * 2);
		}
		assertThat(this.member.range().count()).isEqualTo(8);
	}

	static Stream<WatchResponse> ends() {
		return Stream.of(compacted(0, 150), canceled(0, "etcdserver: permission denied"));
	}

	@Test
	void readsAgainSoonWhenItsWatchHasLived() {
		FakeClock clock = new FakeClock();
		this.member.range()
			.thenFail(Status.UNKNOWN)
			.thenFail(Status.UNKNOWN)
			.otherwise((call) -> call.answer(page(100, false, "k1")));
		RangeCache cache = open(clock);
		clock.passDelaysUntil(() -> cache.ready().isDone(), LONGEST_DELAY);
		resultOf(cache.ready());
		var stream = created(0, 0);
		stream.send(events(0, List.of(put("k2", "", 101))));
		await().until(() -> cache.snapshot().revision() == 101);
		clock.advance(LONGEST_DELAY);

		stream.send(compacted(0, 150));

		clock.awaitDelays(3, LONGEST_DELAY);
		assertThat(clock.delaysUpTo(LONGEST_DELAY).get(2)).isBetween(Duration.ofMillis(49), Duration.ofMillis(150));
	}

	@Test
	void isNotHeldUpByWhatIsChainedToItsFirstRead() {
		this.member.range().thenHold();
		RangeCache cache = open();
		CompletableFuture<Void> gate = new CompletableFuture<>();
		this.cluster.closing(() -> gate.complete(null));
		CompletableFuture<Void> chained = cache.ready().thenRun(gate::join);

		this.member.range().awaitCall(0).answer(page(100, false, "k1"));

		watch(0).awaitMessage(0);
		assertThat(chained).isNotDone();
	}

	@Test
	void failsWithTheBareReasonWhenItIsClosedBeforeItsFirstRead() {
		this.member.range().otherwiseHold();
		RangeCache cache = open();
		CompletableFuture<Throwable> early = cache.ready().handle((snapshot, failure) -> failure);

		cache.close();

		CompletableFuture<Throwable> late = cache.ready().handle((snapshot, failure) -> failure);
		assertThat(resultOf(early)).isInstanceOf(EtcdClosedException.class);
		assertThat(resultOf(late)).isInstanceOf(EtcdClosedException.class);
	}

	@Test
	@DisplayName("etcd-java: a cache whose watch ends is stale for good, without a word")
	void keepsItsSnapshotAndTriesAgainWhenItsWatchIsRefused() {
		this.member.range().thenAnswer(page(100, false, "k1")).thenAnswer(page(200, false, "k2"));
		RangeCache cache = open();
		resultOf(cache.ready());
		var stream = watch(0);
		stream.awaitMessage(0);

		stream.send(refused(-1, "rpc error: code = PermissionDenied desc = etcdserver: permission denied"));

		await().until(() -> cache.snapshot().revision() == 200);
		assertThat(stream.awaitMessage(1).getCreateRequest().getStartRevision()).isEqualTo(201);
	}

	@Test
	void saysThatItMayBeOldWhenItsClientIsClosed() {
		this.member.range().thenAnswer(page(100, false, "k1"));
		RangeCache cache = open();
		resultOf(cache.ready());
		created(0, 0);

		this.client.close();

		await().until(() -> cache.disconnectedFor().isPresent());
		assertThat(keys(cache.snapshot())).containsExactly("k1");
	}

	@Test
	void tellsNothingOfAPageThatComesAfterItsClose() {
		this.member.range().thenHold();
		RangeCache cache = open();
		var read = this.member.range().awaitCall(0);

		cache.close();
		read.answer(page(100, false, "k1"));

		assertThat(failureOf(cache.ready())).isInstanceOf(EtcdClosedException.class);
		resultOf(this.client.kv().getAsync("barrier"));
		assertThat(this.changes).isEmpty();
		assertThat(cache.snapshot().revision()).isZero();
		assertThat(this.member.watch().count()).isZero();
	}

	@Test
	void endsItsWatchWhenClosed() {
		this.member.range().thenAnswer(page(100, false, "k1"));
		RangeCache cache = open();
		resultOf(cache.ready());
		var stream = created(0, 0);
		stream.send(events(0, List.of(put("k2", "", 101))));
		await().until(() -> cache.snapshot().revision() == 101);

		cache.close();
		cache.close();

		assertThat(stream.awaitMessage(1).hasCancelRequest()).isTrue();
		assertThat(stream.awaitMessage(1).getCancelRequest().getWatchId()).isZero();
		assertThat(keys(cache.snapshot())).containsExactly("k1", "k2");
	}

	private RangeCache open(FakeClock clock) {
		EtcdClient client = this.cluster
			.client((options) -> options.ticker(clock).scheduler(clock).maxInboundMessageSize(LIMIT), this.member);
		return this.cluster.closing(RangeCache.open(client, RANGE, this::record));
	}

	private RangeCache open() {
		return this.cluster.closing(RangeCache.open(this.client, RANGE, this::record));
	}

	private void record(RangeSnapshot previous, RangeSnapshot current) {
		this.changes.add(previous.revision() + keys(previous).toString() + " to " + current.revision() + keys(current));
	}

	private ScriptedStream<WatchRequest, WatchResponse> watch(int number) {
		return this.member.watch().awaitStream(number);
	}

	private ScriptedStream<WatchRequest, WatchResponse> created(int number, long id) {
		var stream = watch(number);
		stream.awaitMessage(0);
		stream.send(WatchAnswers.created(id, 1000));
		return stream;
	}

	private static List<String> keys(RangeSnapshot snapshot) {
		return snapshot.kvs().stream().map((kv) -> kv.key().toUtf8()).toList();
	}

	private static RangeResponse page(long revision, boolean more, String... keys) {
		return RangeResponse.newBuilder()
			.setHeader(ResponseHeader.newBuilder().setRevision(revision))
			.addAllKvs(Stream.of(keys).map((key) -> WatchAnswers.keyValue(key, ByteString.EMPTY, 50)).toList())
			.setMore(more)
			.build();
	}

}
