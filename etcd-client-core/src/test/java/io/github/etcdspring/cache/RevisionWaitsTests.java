/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.cache;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

import com.google.protobuf.ByteString;
import io.github.etcdspring.EtcdClosedException;
import io.github.etcdspring.EtcdPermissionException;
import io.github.etcdspring.EtcdTimeoutException;
import io.github.etcdspring.HistoryResetException;
import io.github.etcdspring.KeyRange;
import io.github.etcdspring.fixture.FakeClock;
import io.github.etcdspring.fixture.ScriptedCluster;
import io.github.etcdspring.fixture.ScriptedEtcd;
import io.github.etcdspring.fixture.WatchAnswers;
import io.github.etcdspring.internal.proto.HeaderProto.ResponseHeader;
import io.github.etcdspring.internal.proto.KvProto.RangeRequest;
import io.github.etcdspring.internal.proto.KvProto.RangeResponse;
import io.grpc.Status;
import org.junit.jupiter.api.BeforeEach;
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
import static org.awaitility.Awaitility.await;

/**
 * Tests of {@link RevisionWaits}: waiting until a cache is at a revision. The cache has
 * read one key at 100.
 */
class RevisionWaitsTests {

	private static final KeyRange RANGE = KeyRange.prefix("k");

	private static final Duration PAUSE = Duration.ofMillis(50);

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
	void returnsAtOnceWhenTheRevisionHasBeenReached() {
		assertThat(this.cache.awaitRevisionAsync(100)).isCompleted();
		assertThat(this.member.range().count()).isEqualTo(1);
	}

	@Test
	void returnsWhenTheWatchComesToTheRevision() {
		this.member.range().thenAnswer(range(105, 2, "k2"));
		var stream = createdOn(this.member, 0);
		CompletableFuture<RangeSnapshot> waiting = this.cache.awaitRevisionAsync(105);
		this.member.range().awaitCall(1);

		stream.send(events(0, List.of(put("k2", "", 105))));

		assertThat(resultOf(waiting).revision()).isEqualTo(105);
		assertThat(keys(resultOf(waiting))).containsExactly("k1", "k2");
	}

	@Test
	void returnsWhenAReadShowsThatNothingHasChanged() {
		this.member.range().thenAnswer(range(150, 1));

		RangeSnapshot snapshot = resultOf(this.cache.awaitRevisionAsync(120));

		assertThat(snapshot.revision()).isEqualTo(150);
		assertThat(keys(snapshot)).containsExactly("k1");
		RangeRequest read = this.member.range().calls().get(1).request();
		assertThat(read.getMinModRevision()).isEqualTo(101);
		assertThat(read.getKeysOnly()).isTrue();
		assertThat(read.getSerializable()).isFalse();
		assertThat(this.cache.snapshot()).isSameAs(snapshot);
	}

	@Test
	void waitsForADeletionThatTheWatchHasNotToldYet() {
		this.member.range().thenAnswer(range(150, 0)).thenAnswer(range(151, 0));
		var stream = createdOn(this.member, 0);
		CompletableFuture<RangeSnapshot> waiting = this.cache.awaitRevisionAsync(140);
		this.clock.awaitDelays(1, PAUSE);
		assertThat(waiting).isNotDone();

		stream.send(events(0, List.of(delete("k1", 130))));
		await().until(() -> this.cache.snapshot().revision() == 130);
		assertThat(waiting).isNotDone();
		this.clock.advance(PAUSE);

		assertThat(resultOf(waiting).revision()).isEqualTo(151);
		assertThat(keys(resultOf(waiting))).isEmpty();
	}

	@Test
	void isNotMovedByEventsOfRevisionsThatAReadHasConfirmed() {
		this.member.range().thenAnswer(range(150, 1));
		var stream = createdOn(this.member, 0);
		resultOf(this.cache.awaitRevisionAsync(150));

		stream.send(events(0, List.of(put("k2", "", 130), delete("k2", 140))));
		stream.send(events(0, List.of(put("k3", "", 151))));

		await().until(() -> this.cache.snapshot().revision() == 151);
		assertThat(keys(this.cache.snapshot())).containsExactly("k1", "k3");
	}

	@Test
	void readsWhatIsThereOnceTheCallHasBegun() {
		this.member.range().thenAnswer(range(105, 2, "k2"));
		var stream = createdOn(this.member, 0);

		CompletableFuture<RangeSnapshot> reading = this.cache.readAsync();
		this.member.range().awaitCall(1);
		assertThat(reading).isNotDone();
		this.member.range().otherwise((call) -> call.answer(range(105, 2)));
		stream.send(events(0, List.of(put("k2", "", 105))));

		assertThat(keys(resultOf(reading))).containsExactly("k1", "k2");
	}

	@Test
	void givesUpAfterTheRequestTimeout() {
		this.member.range().otherwise((call) -> call.answer(range(150, 2, "k2")));
		CompletableFuture<RangeSnapshot> waiting = this.cache.awaitRevisionAsync(120);

		this.clock.passDelaysUntil(waiting::isDone, PAUSE);

		assertThat(failureOf(waiting)).isInstanceOf(EtcdTimeoutException.class)
			.hasMessageContaining("the cache is at revision 100 after 10000 ms, not at 120");
	}

	@Test
	void triesAgainWhenAReadFailsForAWhile() {
		this.member.range().thenFail(Status.UNKNOWN.withDescription("etcdserver: request timed out"));
		this.member.range().otherwise((call) -> call.answer(range(150, 1)));

		CompletableFuture<RangeSnapshot> waiting = this.cache.awaitRevisionAsync(120);

		this.clock.passDelaysUntil(waiting::isDone, PAUSE);
		assertThat(resultOf(waiting).revision()).isEqualTo(150);
	}

	@Test
	void failsWhenTheReadsAreRefused() {
		this.member.range().otherwiseFail(Status.PERMISSION_DENIED.withDescription("etcdserver: permission denied"));

		assertThat(failureOf(this.cache.awaitRevisionAsync(120))).isInstanceOf(EtcdPermissionException.class);
		assertThat(failureOf(this.cache.readAsync())).isInstanceOf(EtcdPermissionException.class);
	}

	@Test
	void failsWhenTheCacheIsClosed() {
		this.member.range().otherwise((call) -> call.answer(range(150, 2, "k2")));
		CompletableFuture<RangeSnapshot> waiting = this.cache.awaitRevisionAsync(120);

		this.cache.close();

		assertThat(failureOf(waiting)).isInstanceOf(EtcdClosedException.class);
		assertThat(failureOf(this.cache.awaitRevisionAsync(120))).isInstanceOf(EtcdClosedException.class);
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
		this.member.range().thenAnswer(range(150, 1)).thenAnswer(range(120, 1)).thenAnswer(range(121, 1, "k2"));
		createdOn(this.member, 0);
		assertThat(resultOf(this.cache.readAsync()).revision()).isEqualTo(150);

		assertThat(failureOf(this.cache.readAsync())).isInstanceOf(HistoryResetException.class);

		this.clock.passDelaysUntil(() -> this.cache.snapshot().revision() == 121, Duration.ofSeconds(1));
		assertThat(keys(this.cache.snapshot())).containsExactly("k2");
		assertThat(this.cache.awaitRevisionAsync(121)).isCompleted();
	}

	@Test
	void readsAgainWhenTheWatchComesBackBehindWhatWasConfirmed() {
		this.member.range().thenAnswer(range(150, 1)).thenAnswer(range(120, 1)).thenAnswer(range(121, 1, "k2"));
		var stream = createdOn(this.member, 0);
		assertThat(resultOf(this.cache.readAsync()).revision()).isEqualTo(150);

		stream.fail(Status.UNAVAILABLE);
		this.clock.passDelaysUntil(() -> this.member.watch().count() == 2, Duration.ofSeconds(1));
		createdOn(this.member, 1, 120);

		this.clock.passDelaysUntil(() -> this.cache.snapshot().revision() == 121, Duration.ofSeconds(1));
		assertThat(keys(this.cache.snapshot())).containsExactly("k2");
	}

	@Test
	void doesNotGoBackWhenAReadThatTookLongIsOver() {
		this.member.range().thenHold().thenAnswer(range(310, 1));
		var stream = createdOn(this.member, 0);
		stream.send(compacted(0, 200));
		this.clock.passDelaysUntil(() -> this.member.range().count() == 2, Duration.ofSeconds(1));
		assertThat(resultOf(this.cache.readAsync()).revision()).isEqualTo(310);

		this.member.range().awaitCall(1).answer(range(300, 1, "k9"));

		assertThat(this.member.watch().awaitStream(0).awaitMessage(1).getCreateRequest().getStartRevision())
			.isEqualTo(301);
		assertThat(this.cache.snapshot().revision()).isEqualTo(310);
		assertThat(keys(this.cache.snapshot())).containsExactly("k1");
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
