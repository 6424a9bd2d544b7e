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
import io.github.etcdspring.HistoryResetException;
import io.github.etcdspring.KeyRange;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static io.github.etcdspring.fixture.Results.failureOf;
import static io.github.etcdspring.fixture.Results.resultOf;
import static io.github.etcdspring.fixture.WatchAnswers.compacted;
import static io.github.etcdspring.fixture.WatchAnswers.createdOn;
import static io.github.etcdspring.fixture.WatchAnswers.events;
import static io.github.etcdspring.fixture.WatchAnswers.put;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests of {@link RangeCache} and {@link RevisionReads}: reads that show another history.
 * The cache has read one key at 100.
 */
class RangeCachePutBackTests {

	private static final KeyRange RANGE = KeyRange.prefix("k");

	/** Longer than that after one read in vain. */
	private static final Duration PAUSE = Duration.ofMillis(50);

	/** Longer than any pause, and than those before a range is read anew. */
	private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

	@RegisterExtension
	final ScriptedCluster cluster = new ScriptedCluster();

	private final FakeClock clock = new FakeClock();

	private ScriptedEtcd member;

	private RangeCache cache;

	@BeforeEach
	void open() {
		this.member = this.cluster.member();
		this.member.range().thenAnswer(range(100, 1, "k1"));
		this.cache = this.cluster
			.closing(RangeCache.open(this.cluster.client(this.clock, this.member), RANGE, (previous, current) -> {
			}));
		resultOf(this.cache.ready());
	}

	@Test
	void doesNotReadAStoreThatWasPutBack() {
		this.member.range().otherwise((call) -> call.answer(range(50, 1)));

		assertThat(failureOf(this.cache.readAsync())).isInstanceOfSatisfying(HistoryResetException.class, (reset) -> {
			assertThat(reset.followedRevision()).isEqualTo(100);
			assertThat(reset.revision()).isEqualTo(50);
		});
	}

	@Test
	void readsTheRangeAnewWhenAReadShowsThatTheStoreWasPutBack() {
		var stream = confirmed150();
		this.member.range().thenAnswer(range(120, 1)).thenAnswer(range(121, 1, "k2"));
		CompletableFuture<RangeSnapshot> waiting = this.cache.awaitRevisionAsync(151);

		assertThat(failureOf(this.cache.readAsync())).isInstanceOf(HistoryResetException.class);

		assertThat(this.cache.disconnectedFor()).isPresent();
		assertThat(failureOf(waiting)).isInstanceOf(HistoryResetException.class);
		awaitReadAnew();
		assertThat(this.cache.awaitRevisionAsync(121)).isCompleted();
		assertThat(stream.awaitMessage(1).hasCancelRequest()).isTrue();
		assertThat(stream.awaitMessage(2).getCreateRequest().getStartRevision()).isEqualTo(122);
	}

	@Test
	void readsTheRangeAnewOnlyWhenItsListenersHaveHeardAllOfBefore() {
		CompletableFuture<Void> gate = new CompletableFuture<>();
		this.cluster.closing(() -> gate.complete(null));
		List<Long> heard = new CopyOnWriteArrayList<>();
		this.member.range().thenAnswer(range(100, 1, "k1")).thenAnswer(range(90, 1)).thenAnswer(range(91, 1, "k9"));
		RangeCache slow = this.cluster
			.closing(RangeCache.open(this.cluster.client(this.clock, this.member), RANGE, (previous, current) -> {
				if (current.revision() == 101) {
					gate.join();
				}
				heard.add(current.revision());
			}));
		resultOf(slow.ready());
		var stream = createdOn(this.member, 1);
		stream.send(events(0, List.of(put("k2", "", 101))));
		await().until(() -> slow.snapshot().revision() == 101);

		assertThat(failureOf(slow.readAsync())).isInstanceOf(HistoryResetException.class);
		assertThat(slow.disconnectedFor()).isPresent();
		assertThat(this.clock.delaysUpTo(LONGEST_PAUSE)).isEmpty();
		gate.complete(null);

		this.clock.passDelaysUntil(() -> heard.size() == 3, LONGEST_PAUSE);
		assertThat(heard).containsExactly(100L, 101L, 91L);
	}

	@Test
	void readsAgainWhenTheWatchComesBackBehindWhatWasConfirmed() {
		var stream = confirmed150();
		this.member.range().thenAnswer(range(120, 1)).thenAnswer(range(121, 1, "k2"));

		comeBackAt120(stream);

		awaitReadAnew();
	}

	@Test
	void readsAgainUntilThereIsAnAnswerWhenTheWatchComesBackBehindWhatWasConfirmed() {
		var stream = confirmed150();
		Status timedOut = Status.UNKNOWN.withDescription("etcdserver: request timed out");
		this.member.range().thenFail(timedOut).thenFail(timedOut);
		this.member.range().thenAnswer(range(120, 1)).thenAnswer(range(121, 1, "k2"));

		comeBackAt120(stream);

		awaitReadAnew();
	}

	/** The watch is still at 100. */
	private ScriptedStream<WatchRequest, WatchResponse> confirmed150() {
		this.member.range().thenAnswer(range(150, 1)).thenAnswer(range(150, 1));
		var stream = createdOn(this.member, 0);
		assertThat(resultAfterPauses(this.cache.readAsync()).revision()).isEqualTo(150);
		return stream;
	}

	private void comeBackAt120(ScriptedStream<WatchRequest, WatchResponse> stream) {
		stream.fail(Status.UNAVAILABLE);
		this.clock.passDelaysUntil(() -> this.member.watch().count() == 2, LONGEST_PAUSE);
		createdOn(this.member, 1, 120);
	}

	private void awaitReadAnew() {
		this.clock.passDelaysUntil(() -> this.cache.snapshot().revision() == 121, LONGEST_PAUSE);
		assertThat(keys(this.cache.snapshot())).containsExactly("k2");
	}

	@Test
	void takesWhatItReadsAnewThoughThatIsBehindWhatWasConfirmedBefore() {
		var stream = confirmed150();
		this.member.range().thenAnswer(range(121, 1, "k2"));

		stream.send(compacted(0, 110));

		awaitReadAnew();
		assertThat(stream.awaitMessage(1).getCreateRequest().getStartRevision()).isEqualTo(122);
	}

	@Test
	void doesNotGoBackWhenAReadThatTookLongIsOver() {
		this.member.range().thenHold().otherwise((call) -> call.answer(range(310, 1)));
		var stream = createdOn(this.member, 0);
		stream.send(compacted(0, 200));
		this.clock.passDelaysUntil(() -> this.member.range().count() == 2, LONGEST_PAUSE);
		assertThat(resultAfterPauses(this.cache.readAsync()).revision()).isEqualTo(310);

		this.member.range().awaitCall(1).answer(range(300, 1, "k9"));

		assertThat(this.member.watch().awaitStream(0).awaitMessage(1).getCreateRequest().getStartRevision())
			.isEqualTo(301);
		assertThat(this.cache.snapshot().revision()).isEqualTo(310);
		assertThat(keys(this.cache.snapshot())).containsExactly("k1");
	}

	private RangeSnapshot resultAfterPauses(CompletableFuture<RangeSnapshot> waiting) {
		this.clock.passDelaysUntil(waiting::isDone, PAUSE);
		return resultOf(waiting);
	}

	private static List<String> keys(RangeSnapshot snapshot) {
		return snapshot.kvs().stream().map((kv) -> kv.key().toUtf8()).toList();
	}

	private static RangeResponse range(long revision, long count, String... keys) {
		return RangeResponse.newBuilder()
			.setHeader(ResponseHeader.newBuilder().setRevision(revision))
			.addAllKvs(Stream.of(keys).map((key) -> WatchAnswers.keyValue(key, ByteString.EMPTY, 50)).toList())
			.setCount(count)
			.build();
	}

}
