/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;

import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.CompactedException;
import io.github.etcdspring.EtcdClosedException;
import io.github.etcdspring.EtcdPermissionException;
import io.github.etcdspring.EtcdRequestException;
import io.github.etcdspring.EtcdServerException;
import io.github.etcdspring.KeyRange;
import io.github.etcdspring.KeyValue;
import io.github.etcdspring.StatusCode;
import io.github.etcdspring.fixture.FakeClock;
import io.github.etcdspring.fixture.RangeStore;
import io.github.etcdspring.fixture.RecordingSubscriber;
import io.github.etcdspring.fixture.ScriptedCluster;
import io.github.etcdspring.fixture.ScriptedEtcd;
import io.github.etcdspring.fixture.ScriptedStream;
import io.github.etcdspring.internal.proto.KvProto;
import io.github.etcdspring.internal.proto.KvProto.RangeStreamResponse;
import io.github.etcdspring.kv.RangePage;
import io.github.etcdspring.kv.RangeRequest;
import io.github.etcdspring.kv.RangeRequest.SortOrder;
import io.github.etcdspring.kv.RangeRequest.SortTarget;
import io.grpc.Status;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

import static io.github.etcdspring.client.WrittenRequests.written;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

/**
 * Tests of {@link RangePages}.
 */
class RangePagesTests {

	private static final Status COMPACTED = Status.OUT_OF_RANGE
		.withDescription("etcdserver: mvcc: required revision has been compacted");

	private static final Status FUTURE_REVISION = Status.OUT_OF_RANGE
		.withDescription("etcdserver: mvcc: required revision is a future revision");

	private static final Status UNKNOWN_METHOD = Status.UNIMPLEMENTED
		.withDescription("unknown method RangeStream for service etcdserverpb.KV");

	private static final RangeRequest ALL = RangeRequest.of(KeyRange.prefix("k"));

	/** What a client accepts at least. */
	private static final int LIMIT = 4 << 20;

	/** What breaks a stream off and may pass. */
	static final List<Status> PASSING = List.of(Status.UNAVAILABLE,
			Status.UNAVAILABLE.withDescription("etcdserver: server stopped"), FUTURE_REVISION,
			Status.RESOURCE_EXHAUSTED.withDescription("etcdserver: too many requests"));

	@RegisterExtension
	final ScriptedCluster cluster = new ScriptedCluster();

	private final RecordingSubscriber<RangePage> subscriber = new RecordingSubscriber<>();

	private ScriptedEtcd member;

	private EtcdClient client;

	@BeforeEach
	void connect() {
		this.member = this.cluster.member();
		this.client = this.cluster.client(this.member);
	}

	private void lackRangeStream() {
		this.member.rangeStream().onOpen((stream) -> stream.fail(UNKNOWN_METHOD));
	}

	private RecordingSubscriber<RangePage> subscribe(RangeRequest request) {
		this.client.kv().pages(request).subscribe(this.subscriber);
		return this.subscriber;
	}

	private static List<String> keys(List<RangePage> pages) {
		return pages.stream().flatMap((page) -> page.kvs().stream()).map((kv) -> kv.key().toUtf8()).toList();
	}

	/** Reads a member that sends by itself up to the second part of the stream. */
	private ScriptedStream<KvProto.RangeRequest, RangeStreamResponse> streamOf300(RangeRequest request) {
		RangeStore store = new RangeStore(300, 0).serve(this.member);
		subscribe(request).request(2);
		ScriptedStream<KvProto.RangeRequest, RangeStreamResponse> stream = this.member.rangeStream().awaitStream(0);
		store.send(stream, 128, 140);
		this.subscriber.awaitItems(2);
		return stream;
	}

	@Test
	void readsASmallRangeAtOnce() {
		new RangeStore(100, 0).serve(this.member);

		subscribe(ALL).request(Long.MAX_VALUE);

		this.subscriber.awaitCompletion();
		RangePage page = this.subscriber.items().get(0);
		assertThat(this.subscriber.signals()).containsExactly("subscribed", "item", "completed");
		assertThat(page.revision()).isEqualTo(ScriptedEtcd.REVISION);
		assertThat(keys(List.of(page))).isEqualTo(RangeStore.names(0, 100));
		assertThat(page.more()).isFalse();
		assertThat(this.member.range().count()).isEqualTo(1);
		assertThat(this.member.rangeStream().count()).isZero();
		assertThat(this.subscriber.threads()).allSatisfy((thread) -> assertThat(thread).contains("-callback"));
	}

	@Test
	void hasOnePageWhenThereIsNothing() {
		subscribe(ALL).request(1);

		this.subscriber.awaitCompletion();
		assertThat(this.subscriber.items()).containsExactly(new RangePage(ScriptedEtcd.REVISION, List.of(), false));
	}

	@Test
	void letsTheServerSendWhatFollowsTheFirstPageAtItsRevision() {
		RangeStore store = new RangeStore(300, 0).serve(this.member);
		RangeRequest request = RangeRequest.builder(KeyRange.prefix("k")).serializable().keysOnly().build();

		subscribe(request).request(Long.MAX_VALUE);
		ScriptedStream<KvProto.RangeRequest, RangeStreamResponse> stream = this.member.rangeStream().awaitStream(0);
		store.send(stream, 128, 140);
		store.sendLast(stream, 140, 300, false);

		this.subscriber.awaitCompletion();
		assertThat(stream.messages().get(0))
			.isEqualTo(written(RangeRequest.builder(KeyRange.between(ByteSequence.of("k0127\0"), ByteSequence.of("l")))
				.revision(ScriptedEtcd.REVISION)
				.serializable()
				.keysOnly()
				.build()));
		List<RangePage> pages = this.subscriber.items();
		assertThat(keys(pages)).isEqualTo(RangeStore.names(0, 300));
		assertThat(pages).extracting(RangePage::revision).containsOnly(ScriptedEtcd.REVISION);
		assertThat(pages).extracting(RangePage::more).containsExactly(true, true, false);
		assertThat(this.member.range().count()).isEqualTo(1);
	}

	@Test
	void readsPageByPageWhenTheServerCannotSendByItself() {
		lackRangeStream();
		new RangeStore(1000, 0).serve(this.member);

		subscribe(ALL).request(Long.MAX_VALUE);

		this.subscriber.awaitCompletion();
		assertThat(keys(this.subscriber.items())).isEqualTo(RangeStore.names(0, 1000));
		assertThat(this.member.range().calls()).extracting((call) -> call.request().getRevision())
			.containsExactly(0L, ScriptedEtcd.REVISION, ScriptedEtcd.REVISION, ScriptedEtcd.REVISION);
		assertThat(this.member.range().calls()).extracting((call) -> call.request().getLimit())
			.containsExactly(128L, 256L, 512L, 1024L);
	}

	@Test
	void remembersThatTheServerCannotSendByItself() {
		lackRangeStream();
		new RangeStore(300, 0).serve(this.member);
		subscribe(ALL).request(Long.MAX_VALUE).awaitCompletion();
		RecordingSubscriber<RangePage> second = new RecordingSubscriber<>();

		this.client.withTimeout(Duration.ofSeconds(5)).kv().pages(ALL).subscribe(second);
		second.request(Long.MAX_VALUE).awaitCompletion();

		assertThat(keys(second.items())).hasSize(300);
		assertThat(this.member.rangeStream().count()).isEqualTo(1);
	}

	@Test
	void readsPageByPageWhenRevisionsAreBounded() {
		new RangeStore(300, 0).serve(this.member);
		RangeRequest request = RangeRequest.builder(KeyRange.prefix("k"))
			.minModRevision(1)
			.maxModRevision(2)
			.minCreateRevision(3)
			.maxCreateRevision(4)
			.revision(50)
			.build();

		subscribe(request).request(Long.MAX_VALUE).awaitCompletion();

		assertThat(keys(this.subscriber.items())).hasSize(300);
		assertThat(this.subscriber.items()).extracting(RangePage::revision).containsOnly(50L);
		assertThat(this.member.rangeStream().count()).isZero();
		assertThat(this.member.range().calls()).hasSize(2).allSatisfy((call) -> {
			assertThat(call.request().getMinModRevision()).isEqualTo(1);
			assertThat(call.request().getMaxModRevision()).isEqualTo(2);
			assertThat(call.request().getMinCreateRevision()).isEqualTo(3);
			assertThat(call.request().getMaxCreateRevision()).isEqualTo(4);
			assertThat(call.request().getRevision()).isEqualTo(50);
		});
	}

	@Test
	void goesToTheEndOfTheStoreWhenTheRangeHasNone() {
		lackRangeStream();
		new RangeStore(300, 0).serve(this.member);

		subscribe(RangeRequest.of(KeyRange.from(ByteSequence.of("k0100")))).request(Long.MAX_VALUE).awaitCompletion();

		assertThat(keys(this.subscriber.items())).isEqualTo(RangeStore.names(100, 300));
	}

	@Test
	void stopsAtTheLimitWhateverThePages() {
		lackRangeStream();
		new RangeStore(1000, 0).serve(this.member);

		subscribe(RangeRequest.builder(KeyRange.prefix("k")).limit(200).build()).request(Long.MAX_VALUE);

		this.subscriber.awaitCompletion();
		assertThat(keys(this.subscriber.items())).isEqualTo(RangeStore.names(0, 200));
		assertThat(this.subscriber.items()).extracting(RangePage::more).containsExactly(true, true);
		assertThat(this.member.range().calls()).extracting((call) -> call.request().getLimit())
			.containsExactly(128L, 72L);
	}

	@Test
	void letsTheServerSendWhatIsLeftOfTheLimit() {
		ScriptedStream<KvProto.RangeRequest, RangeStreamResponse> stream = streamOf300(
				RangeRequest.builder(KeyRange.prefix("k")).limit(150).build());

		new RangeStore(300, 0).sendLast(stream, 140, 150, true);
		this.subscriber.request(1).awaitCompletion();

		assertThat(stream.messages().get(0).getLimit()).isEqualTo(22);
		assertThat(keys(this.subscriber.items())).isEqualTo(RangeStore.names(0, 150));
		assertThat(this.subscriber.items().get(2).more()).isTrue();
	}

	@ParameterizedTest
	@FieldSource("PASSING")
	void goesOnPageByPageWhenAStreamBreaksOff(Status status) {
		ScriptedStream<KvProto.RangeRequest, RangeStreamResponse> stream = streamOf300(ALL);

		stream.fail(status);
		this.subscriber.request(Long.MAX_VALUE).awaitCompletion();

		assertThat(keys(this.subscriber.items())).isEqualTo(RangeStore.names(0, 300));
		assertThat(this.member.range().calls().get(1).request().getKey().toStringUtf8()).isEqualTo("k0139\0");
		assertThat(this.member.range().calls().get(1).request().getRevision()).isEqualTo(ScriptedEtcd.REVISION);
		assertThat(this.member.rangeStream().count()).isEqualTo(1);
	}

	@Test
	void takesAStreamThatEndsEarlyForBrokenOff() {
		ScriptedStream<KvProto.RangeRequest, RangeStreamResponse> stream = streamOf300(ALL);
		this.subscriber.request(1);

		stream.complete();

		assertThat(keys(this.subscriber.awaitItems(3))).startsWith("k0000").contains("k0140");
	}

	@Test
	void failsWhenCompactionOvertakesTheStream() {
		ScriptedStream<KvProto.RangeRequest, RangeStreamResponse> stream = streamOf300(ALL);

		stream.fail(COMPACTED);

		assertThat(this.subscriber.awaitFailure()).isInstanceOf(CompactedException.class);
		assertThat(this.subscriber.signals()).containsExactly("subscribed", "item", "item", "failed");
		assertThat(this.member.range().count()).isEqualTo(1);
	}

	@Test
	void failsWhenCompactionOvertakesThePages() {
		lackRangeStream();
		RangeStore store = new RangeStore(300, 0);
		this.member.range().then((call) -> call.answer(store.answer(call.request()))).otherwiseFail(COMPACTED);

		subscribe(ALL).request(5);

		assertThat(this.subscriber.awaitFailure()).isInstanceOf(CompactedException.class);
		assertThat(keys(this.subscriber.items())).isEqualTo(RangeStore.names(0, 128));
	}

	@Test
	void failsWhenTheUserMayNotRead() {
		this.member.range().otherwiseFail(Status.PERMISSION_DENIED.withDescription("etcdserver: permission denied"));

		subscribe(ALL).request(1);

		assertThat(this.subscriber.awaitFailure()).isInstanceOf(EtcdPermissionException.class);
	}

	@Test
	void makesPagesSmallerWhenTheyAreMoreThanTheClientAccepts() {
		this.client = this.cluster.client((options) -> options.maxInboundMessageSize(LIMIT), this.member);
		lackRangeStream();
		new RangeStore(40, LIMIT / 10).serve(this.member);

		subscribe(ALL).request(Long.MAX_VALUE).awaitCompletion();

		assertThat(keys(this.subscriber.items())).isEqualTo(RangeStore.names(0, 40));
		assertThat(this.member.range().calls()).extracting((call) -> call.request().getLimit())
			.startsWith(128L, 64L, 32L, 16L, 8L);
	}

	@Test
	void failsWhenASingleKeyIsMoreThanTheClientAccepts() {
		this.client = this.cluster.client((options) -> options.maxInboundMessageSize(LIMIT), this.member);
		new RangeStore(3, LIMIT + 1).serve(this.member);

		subscribe(ALL).request(Long.MAX_VALUE);

		assertThat(this.subscriber.awaitFailure()).isInstanceOfSatisfying(EtcdRequestException.class,
				(failure) -> assertThat(failure.code()).isEqualTo(StatusCode.RESOURCE_EXHAUSTED));
		assertThat(this.member.range().count()).isEqualTo(8);
	}

	@Test
	void keepsPagesOfLargeValuesFarBelowWhatTheClientAccepts() {
		lackRangeStream();
		new RangeStore(60, 100_000).serve(this.member);

		subscribe(RangeRequest.builder(KeyRange.prefix("k")).limit(60).build()).request(Long.MAX_VALUE);

		this.subscriber.awaitCompletion();
		assertThat(this.subscriber.items()).extracting((page) -> page.kvs().size()).first().isEqualTo(60);
	}

	@Test
	void asksAgainWhenAMemberHasNotComeToTheRevision() {
		FakeClock clock = new FakeClock();
		this.client = this.cluster.client(clock, this.member);
		lackRangeStream();
		RangeStore store = new RangeStore(300, 0).serve(this.member);
		this.member.range()
			.then((call) -> call.answer(store.answer(call.request())))
			.thenFail(FUTURE_REVISION)
			.thenFail(FUTURE_REVISION);

		subscribe(RangeRequest.builder(KeyRange.prefix("k")).serializable().build()).request(5);
		clock.passDelaysUntil(() -> this.subscriber.signals().contains("completed"), Duration.ofMillis(28));

		assertThat(keys(this.subscriber.items())).isEqualTo(RangeStore.names(0, 300));
	}

	@Test
	void failsWhenTheRevisionAskedForIsNotReachedYet() {
		this.member.range().otherwiseFail(FUTURE_REVISION);

		subscribe(RangeRequest.builder(KeyRange.prefix("k")).revision(500).build()).request(1);

		assertThat(this.subscriber.awaitFailure()).isInstanceOf(EtcdRequestException.class);
		assertThat(this.member.range().count()).isEqualTo(1);
	}

	@Test
	void readsNoPageThatIsNotAskedFor() {
		lackRangeStream();
		new RangeStore(1000, 0).serve(this.member);
		subscribe(ALL);
		assertThat(this.member.range().count()).isZero();

		this.subscriber.request(1).awaitItems(1);
		this.subscriber.request(1).awaitItems(2);

		assertThat(this.member.range().count()).isEqualTo(2);
	}

	@Test
	void cancelsTheReadUnderWayWhenTheSubscriberCancels() {
		this.member.range().otherwiseHold();
		subscribe(ALL).request(1);
		this.member.range().awaitCall(0);

		this.subscriber.cancel();

		await().until(this.member.range().calls().get(0)::isCancelled);
		assertThat(this.subscriber.signals()).containsExactly("subscribed");
	}

	@Test
	void cancelsTheStreamWhenTheSubscriberCancels() {
		ScriptedStream<KvProto.RangeRequest, RangeStreamResponse> stream = streamOf300(ALL);

		this.subscriber.cancel();

		await().until(stream::isCancelled);
		assertThat(this.subscriber.signals()).containsExactly("subscribed", "item", "item");
	}

	@Test
	void failsWhenNothingIsAskedFor() {
		subscribe(ALL).request(0);

		assertThat(this.subscriber.awaitFailure()).isInstanceOf(IllegalArgumentException.class)
			.hasMessage("n: 0 (expected: above zero)");
	}

	@Test
	void failsWhenTheServerSendsKeysThatAreNotInTheRange() {
		RangeStore store = new RangeStore(300, 0);
		this.member.range()
			.thenAnswer(store.answer(written(RangeRequest.builder(KeyRange.prefix("k")).limit(5).build())));

		subscribe(RangeRequest.of(KeyRange.between(ByteSequence.of("k0000"), ByteSequence.of("k0002")))).request(1);

		assertThat(this.subscriber.awaitFailure()).isInstanceOf(EtcdServerException.class)
			.hasMessageStartingWith("a page of the read makes no sense: ");
		assertThat(this.subscriber.items()).isEmpty();
	}

	@Test
	void endsWhenTheClientIsClosed() {
		this.member.range().otherwiseHold();
		subscribe(ALL).request(1);
		this.member.range().awaitCall(0);

		this.client.close();

		assertThat(this.subscriber.awaitFailure()).isInstanceOf(EtcdClosedException.class);
	}

	@Test
	void endsAStreamWhenTheClientIsClosed() {
		streamOf300(ALL);

		this.client.close();

		assertThat(this.subscriber.awaitFailure()).isInstanceOf(EtcdClosedException.class);
	}

	@Test
	void refusesWhatHasNoPages() {
		RangeRequest.Builder range = RangeRequest.builder(KeyRange.prefix("k"));
		RangeRequest descending = range.sort(SortTarget.KEY, SortOrder.DESCEND).build();
		RangeRequest byRevision = range.sort(SortTarget.MOD, SortOrder.ASCEND).build();
		RangeRequest count = RangeRequest.builder(KeyRange.prefix("k")).countOnly().build();

		assertThatIllegalArgumentException().isThrownBy(() -> this.client.kv().pages(descending))
			.withMessage("sort: KEY DESCEND (expected: none; pages come in ascending order of their keys)");
		assertThatIllegalArgumentException().isThrownBy(() -> this.client.kv().stream(byRevision))
			.withMessageStartingWith("sort: MOD ASCEND ");
		assertThatIllegalArgumentException().isThrownBy(() -> this.client.kv().pages(count))
			.withMessage("countOnly: a count has no pages (expected: get)");
	}

	@Test
	void readsKeysOneAfterTheOther() {
		lackRangeStream();
		new RangeStore(2000, 0).serve(this.member);

		try (Stream<KeyValue> kvs = this.client.kv().stream(ALL)) {
			assertThat(kvs.map((kv) -> kv.key().toUtf8())).isEqualTo(RangeStore.names(0, 2000));
		}
	}

	@Test
	void readsFewPagesAheadOfAThread() {
		lackRangeStream();
		new RangeStore(9000, 0).serve(this.member);

		try (Stream<KeyValue> kvs = this.client.kv().stream(ALL)) {
			Iterator<KeyValue> keys = kvs.iterator();
			assertThat(this.member.range().count()).isZero();
			assertThat(keys.next().key().toUtf8()).isEqualTo("k0000");
			this.member.range().awaitCall(2);
		}

		assertThat(this.member.range().count()).isEqualTo(3);
	}

	@Test
	void throwsInTheReadingThreadWhatFailed() {
		lackRangeStream();
		RangeStore store = new RangeStore(300, 0);
		this.member.range().then((call) -> call.answer(store.answer(call.request()))).otherwiseFail(COMPACTED);

		try (Stream<KeyValue> kvs = this.client.kv().stream(ALL)) {
			assertThatExceptionOfType(CompactedException.class).isThrownBy(kvs::toList)
				.satisfies((ex) -> assertThat(ex.getStackTrace())
					.anySatisfy((frame) -> assertThat(frame.getClassName()).isEqualTo(getClass().getName())));
		}
	}

	@Test
	void readsNoMoreWhenTheStreamIsClosed() {
		lackRangeStream();
		RangeStore store = new RangeStore(300, 0);
		this.member.range().then((call) -> call.answer(store.answer(call.request()))).otherwiseHold();
		Stream<KeyValue> kvs = this.client.kv().stream(ALL);
		kvs.iterator().next();
		this.member.range().awaitCall(1);

		kvs.close();

		await().until(this.member.range().calls().get(1)::isCancelled);
	}

	@Test
	void readsWithinTheNamespaceOfAView() {
		RangeStore store = new RangeStore(300, 0).serve(this.member);

		this.client.withNamespace("k0").kv().pages(RangeRequest.of(KeyRange.all())).subscribe(this.subscriber);
		this.subscriber.request(Long.MAX_VALUE);
		ScriptedStream<KvProto.RangeRequest, RangeStreamResponse> stream = this.member.rangeStream().awaitStream(0);
		store.send(stream, 128, 200);
		stream.fail(Status.UNAVAILABLE);

		this.subscriber.awaitCompletion();
		assertThat(keys(this.subscriber.items()))
			.isEqualTo(RangeStore.names(0, 300).stream().map((key) -> key.substring(2)).toList());
		assertThat(stream.messages().get(0).getKey().toStringUtf8()).isEqualTo("k0127\0");
		assertThat(stream.messages().get(0).getRangeEnd().toStringUtf8()).isEqualTo("k1");
	}

}
