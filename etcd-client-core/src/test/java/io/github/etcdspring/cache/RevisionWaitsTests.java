/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.cache;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import com.google.protobuf.ByteString;
import io.github.etcdspring.EtcdClosedException;
import io.github.etcdspring.EtcdPermissionException;
import io.github.etcdspring.EtcdTimeoutException;
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
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static io.github.etcdspring.fixture.Results.failureOf;
import static io.github.etcdspring.fixture.Results.resultOf;
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

	private static final Duration GRACE = Duration.ofMillis(10);

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
	void returnsAtOnceWhenTheRevisionHasBeenReached() {
		assertThat(this.cache.awaitRevisionAsync(100)).isCompleted();
		assertThat(this.member.range().count()).isEqualTo(1);
	}

	@Test
	void returnsWhenTheWatchComesToTheRevisionAndReadsNothing() {
		var stream = createdOn(this.member, 0);
		CompletableFuture<RangeSnapshot> waiting = this.cache.awaitRevisionAsync(105);

		stream.send(events(0, List.of(put("k2", "", 105))));

		assertThat(resultOf(waiting).revision()).isEqualTo(105);
		assertThat(keys(resultOf(waiting))).containsExactly("k1", "k2");
		assertThat(this.member.range().count()).isEqualTo(1);
	}

	@Test
	void returnsWhenAReadShowsThatNothingHasChanged() {
		this.member.range().thenAnswer(range(150, 1));
		CompletableFuture<RangeSnapshot> waiting = this.cache.awaitRevisionAsync(120);
		this.clock.awaitDelays(1, PAUSE);
		assertThat(this.member.range().count()).isEqualTo(1);

		this.clock.advance(GRACE);

		RangeSnapshot snapshot = resultOf(waiting);
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
		this.clock.passDelaysUntil(() -> this.member.range().count() == 2, PAUSE);
		this.clock.awaitDelays(2, PAUSE);
		assertThat(waiting).isNotDone();

		stream.send(events(0, List.of(delete("k1", 130))));
		await().until(() -> this.cache.snapshot().revision() == 130);
		assertThat(waiting).isNotDone();
		this.clock.advance(PAUSE);

		assertThat(resultOf(waiting).revision()).isEqualTo(151);
		assertThat(keys(resultOf(waiting))).isEmpty();
	}

	@Test
	void readsTheRangeMoreAndMoreRarelyWhileThatIsInVain() {
		this.member.range().otherwise((call) -> call.answer(range(150, 2, "k2")));
		this.cache.awaitRevisionAsync(120);

		this.clock.passDelaysUntil(() -> this.clock.delaysUpTo(LONGEST_PAUSE).size() == 9, LONGEST_PAUSE);

		List<Duration> delays = this.clock.delaysUpTo(LONGEST_PAUSE);
		assertThat(delays.get(0)).isEqualTo(GRACE);
		long expected = 20;
		for (Duration delay : delays.subList(1, 9)) {
			assertThat(delay.toMillis()).isBetween(expected / 2 - 1, expected * 3 / 2);
			expected = Math.min(500, expected * 2);
		}
		assertThat(this.member.range().count()).isEqualTo(9);
	}

	@Test
	void readsTheRangeOnceForAllWhoWait() {
		this.member.range().thenHold().otherwise((call) -> call.answer(range(160, 1)));
		CompletableFuture<RangeSnapshot> first = this.cache.awaitRevisionAsync(120);
		this.clock.passDelaysUntil(() -> this.member.range().count() == 2, PAUSE);
		List<CompletableFuture<RangeSnapshot>> others = IntStream.range(121, 141)
			.mapToObj(this.cache::awaitRevisionAsync)
			.toList();

		this.member.range().awaitCall(1).answer(range(150, 1));

		others.forEach((other) -> assertThat(resultOf(other).revision()).isEqualTo(150));
		assertThat(resultOf(first).revision()).isEqualTo(150);
		// another read may ask for the present revision alone: the watch had not begun
		// yet
		assertThat(this.member.range().requests()).filteredOn((request) -> !request.getCountOnly()).hasSize(2);
	}

	@Test
	void givesTheWatchAMomentForEachWhoWaits() {
		var stream = createdOn(this.member, 0);
		Duration half = GRACE.dividedBy(2);
		CompletableFuture<RangeSnapshot> waiting = this.cache.awaitRevisionAsync(101);
		this.clock.awaitDelays(1, PAUSE);
		for (int revision = 101; revision < 110; revision++) {
			this.clock.advance(half);
			CompletableFuture<RangeSnapshot> next = this.cache.awaitRevisionAsync(revision + 1);
			stream.send(events(0, List.of(put("k2", "", revision))));
			resultOf(waiting);
			waiting = next;
		}

		assertThat(this.member.range().count()).isEqualTo(1);
	}

	@Test
	void isNotMovedByEventsOfRevisionsThatAReadHasConfirmed() {
		this.member.range().thenAnswer(range(150, 1));
		var stream = createdOn(this.member, 0);
		resultAfterPauses(this.cache.awaitRevisionAsync(150));

		stream.send(events(0, List.of(put("k2", "", 130), delete("k2", 140))));
		stream.send(events(0, List.of(put("k3", "", 151))));

		await().until(() -> this.cache.snapshot().revision() == 151);
		assertThat(keys(this.cache.snapshot())).containsExactly("k1", "k3");
	}

	@Test
	void readsNoMoreThanThePresentRevisionWhenItIsThere() {
		this.member.range().thenAnswer(range(100, 1));

		assertThat(resultOf(this.cache.readAsync())).isSameAs(this.cache.snapshot());

		RangeRequest read = this.member.range().calls().get(1).request();
		assertThat(read.getKey().toStringUtf8()).isEqualTo("k");
		assertThat(read.getRangeEnd().isEmpty()).isTrue();
		assertThat(read.getCountOnly()).isTrue();
		assertThat(read.getSerializable()).isFalse();
		assertThat(this.member.range().count()).isEqualTo(2);
	}

	@Test
	void readsWhatIsThereOnceTheCallHasBegun() {
		this.member.range().thenAnswer(range(105, 2));
		var stream = createdOn(this.member, 0);

		CompletableFuture<RangeSnapshot> reading = this.cache.readAsync();
		this.member.range().awaitCall(1);
		assertThat(reading).isNotDone();
		stream.send(events(0, List.of(put("k2", "", 105))));

		assertThat(keys(resultOf(reading))).containsExactly("k1", "k2");
		assertThat(this.member.range().count()).isEqualTo(2);
	}

	@Test
	@DisplayName("a read that began before another was asked for does not count for it")
	void sharesTheNextReadOfThePresentRevisionNotThatUnderWay() {
		this.member.range().thenHold().thenHold();
		createdOn(this.member, 0);
		CompletableFuture<RangeSnapshot> first = this.cache.readAsync();
		var underWay = this.member.range().awaitCall(1);
		List<CompletableFuture<RangeSnapshot>> others = Stream.generate(this.cache::readAsync).limit(20).toList();
		assertThat(this.member.range().count()).isEqualTo(2);

		underWay.answer(range(100, 1));

		assertThat(resultOf(first).revision()).isEqualTo(100);
		var next = this.member.range().awaitCall(2);
		assertThat(others).allMatch((other) -> !other.isDone());
		assertThat(this.member.range().count()).isEqualTo(3);
		this.member.range().otherwise((call) -> call.answer(range(105, 1)));
		next.answer(range(105, 1));
		others.forEach((other) -> assertThat(resultAfterPauses(other).revision()).isEqualTo(105));
		// a watch that begins late asks once more
		assertThat(this.member.range().requests()).filteredOn(RangeRequest::getCountOnly).hasSizeBetween(2, 3);
	}

	@Test
	void goesOnForOthersWhenOneGivesUp() {
		this.member.range().thenHold();
		CompletableFuture<RangeSnapshot> first = this.cache.readAsync();
		var underWay = this.member.range().awaitCall(1);

		first.cancel(true);
		CompletableFuture<RangeSnapshot> second = this.cache.readAsync();
		this.member.range().otherwise((call) -> call.answer(range(100, 1)));
		underWay.answer(range(100, 1));

		assertThat(resultOf(second).revision()).isEqualTo(100);
		assertThat(underWay.isCancelled()).isFalse();
	}

	@Test
	void givesUpAfterTheRequestTimeout() {
		this.member.range().otherwise((call) -> call.answer(range(150, 2, "k2")));
		CompletableFuture<RangeSnapshot> waiting = this.cache.awaitRevisionAsync(120);

		this.clock.passDelaysUntil(waiting::isDone, LONGEST_PAUSE);

		assertThat(failureOf(waiting)).isInstanceOf(EtcdTimeoutException.class)
			.hasMessageContaining("the cache is at revision 100 after 10000 ms, not at 120");
	}

	@Test
	void givesUpAfterOneRequestTimeoutForAllThatAReadDoes() {
		this.member.range().thenHold().otherwise((call) -> call.answer(range(150, 2, "k2")));
		CompletableFuture<RangeSnapshot> reading = this.cache.readAsync();
		var present = this.member.range().awaitCall(1);
		this.clock.advance(Duration.ofMillis(2400));
		present.answer(range(150, 2));
		this.clock.awaitDelays(1, GRACE);

		this.clock.advance(Duration.ofMillis(7600));

		assertThat(failureOf(reading)).isInstanceOf(EtcdTimeoutException.class)
			.hasMessageContaining("the cache is at revision 100 after 10000 ms, not at 150");
	}

	@Test
	void isNotHeldUpByWhatIsChainedToAWait() {
		var stream = createdOn(this.member, 0);
		CompletableFuture<Void> gate = new CompletableFuture<>();
		this.cluster.closing(() -> gate.complete(null));
		CompletableFuture<Void> chained = this.cache.awaitRevisionAsync(101).thenRun(gate::join);
		CompletableFuture<RangeSnapshot> other = this.cache.awaitRevisionAsync(101);

		stream.send(events(0, List.of(put("k2", "", 101))));
		stream.send(events(0, List.of(put("k3", "", 102))));

		assertThat(resultOf(other).revision()).isEqualTo(101);
		await().until(() -> this.cache.snapshot().revision() == 102);
		assertThat(chained).isNotDone();
	}

	@Test
	void triesAgainWhenAReadFailsForAWhile() {
		this.member.range().thenFail(Status.UNKNOWN.withDescription("etcdserver: request timed out"));
		this.member.range().otherwise((call) -> call.answer(range(150, 1)));

		CompletableFuture<RangeSnapshot> waiting = this.cache.awaitRevisionAsync(120);

		assertThat(resultAfterPauses(waiting).revision()).isEqualTo(150);
	}

	@Test
	void failsWhenTheReadsAreRefused() {
		this.member.range().otherwiseFail(Status.PERMISSION_DENIED.withDescription("etcdserver: permission denied"));
		CompletableFuture<RangeSnapshot> waiting = this.cache.awaitRevisionAsync(120);

		assertThat(failureOf(this.cache.readAsync())).isInstanceOf(EtcdPermissionException.class);
		this.clock.passDelaysUntil(waiting::isDone, PAUSE);
		assertThat(failureOf(waiting)).isInstanceOf(EtcdPermissionException.class);
	}

	@Test
	void failsWhenTheCacheIsClosed() {
		this.member.range().otherwise((call) -> call.answer(range(150, 2, "k2")));
		CompletableFuture<RangeSnapshot> waiting = this.cache.awaitRevisionAsync(120);

		this.cache.close();

		assertThat(failureOf(waiting)).isInstanceOf(EtcdClosedException.class);
		assertThat(failureOf(this.cache.awaitRevisionAsync(120))).isInstanceOf(EtcdClosedException.class);
		assertThat(failureOf(this.cache.readAsync())).isInstanceOf(EtcdClosedException.class);
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
