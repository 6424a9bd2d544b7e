/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.election;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import com.google.protobuf.ByteString;
import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.EtcdClosedException;
import io.github.etcdspring.EtcdPermissionException;
import io.github.etcdspring.KeyRange;
import io.github.etcdspring.KeyValue;
import io.github.etcdspring.LeaseId;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.fixture.RecordingSubscriber;
import io.github.etcdspring.fixture.ScriptedCluster;
import io.github.etcdspring.fixture.ScriptedEtcd;
import io.github.etcdspring.fixture.SteppedExecutor;
import io.github.etcdspring.fixture.WatchAnswers;
import io.github.etcdspring.internal.proto.HeaderProto.ResponseHeader;
import io.github.etcdspring.internal.proto.KvProto.RangeResponse;
import io.github.etcdspring.internal.proto.MvccProto.Event;
import io.github.etcdspring.session.Session;
import io.github.etcdspring.watch.WatchBatch;
import io.grpc.Status;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static io.github.etcdspring.fixture.WatchAnswers.compacted;
import static io.github.etcdspring.fixture.WatchAnswers.createdOn;
import static io.github.etcdspring.fixture.WatchAnswers.delete;
import static io.github.etcdspring.fixture.WatchAnswers.events;
import static io.github.etcdspring.fixture.WatchAnswers.put;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests of {@link LeaderElection#observe()}.
 */
class LeaderObservationTests {

	private static final String FIRST = "election/1";

	private static final String SECOND = "election/2";

	@RegisterExtension
	final ScriptedCluster cluster = new ScriptedCluster();

	private final RecordingSubscriber<Optional<Candidate>> subscriber = new RecordingSubscriber<>();

	private ScriptedEtcd member;

	private EtcdClient client;

	private LeaderElection election;

	@BeforeEach
	void open() {
		this.member = this.cluster.member();
		this.client = this.cluster.client(this.member);
		Session session = this.cluster.closing(Session.open(this.client, Duration.ofSeconds(60)));
		this.election = LeaderElection.of(session, "election");
	}

	@Test
	void tellsEachLeaderOfABatchThoughNoneIsLeftAtItsEnd() {
		observe(candidates(100, FIRST));
		this.subscriber.request(Long.MAX_VALUE);
		var stream = createdOn(this.member, 0);

		stream.send(events(0,
				List.of(put(SECOND, "2", 101), delete(FIRST, 102), proclaimed(SECOND, 101, 103), delete(SECOND, 104))));

		assertThat(told(4)).containsExactly("election/1 50 ", "election/2 101 2", "election/2 101 new", "nobody");
	}

	@Test
	void tellsNothingOfCandidatesThatDoNotLead() {
		observe(candidates(100, FIRST));
		this.subscriber.request(Long.MAX_VALUE);
		var stream = createdOn(this.member, 0);

		stream.send(events(0, List.of(put(SECOND, "2", 101), delete(SECOND, 102))));
		stream.send(events(0, List.of(delete(FIRST, 103))));

		assertThat(told(2)).containsExactly("election/1 50 ", "nobody");
	}

	@Test
	void tellsThatNobodyLeads() {
		observe(candidates(100));
		this.subscriber.request(1);

		assertThat(told(1)).containsExactly("nobody");
		assertThat(this.member.watch().awaitStream(0).awaitMessage(0).getCreateRequest().getStartRevision())
			.isEqualTo(101);
	}

	@Test
	void tellsNoMoreThanIsAskedFor() {
		observe(candidates(100, FIRST));
		this.subscriber.request(1);
		var stream = createdOn(this.member, 0);
		told(1);
		stream.send(events(0, List.of(delete(FIRST, 101), put(SECOND, "2", 102))));

		this.subscriber.request(1);

		assertThat(told(2)).containsExactly("election/1 50 ", "nobody");
		this.subscriber.request(1);
		assertThat(told(3)).containsExactly("election/1 50 ", "nobody", "election/2 102 2");
	}

	@Test
	void goesOnWithWhoLeadsWhenItsPlaceIsCompacted() {
		observe(candidates(100, FIRST));
		this.subscriber.request(Long.MAX_VALUE);
		var stream = createdOn(this.member, 0);
		told(1);
		this.member.range().thenAnswer(candidates(200, SECOND));

		stream.send(compacted(0, 150));

		assertThat(told(2)).containsExactly("election/1 50 ", "election/2 51 ");
	}

	@Test
	void waitsUntilTheCandidatesCanBeRead() {
		this.member.range().thenFail(Status.UNKNOWN.withDescription("etcdserver: too many requests"));
		observe(candidates(100, FIRST));
		this.subscriber.request(1);

		assertThat(told(1)).containsExactly("election/1 50 ");
	}

	@Test
	void failsWhenItMayNotReadTheCandidates() {
		this.member.range().thenFail(Status.PERMISSION_DENIED.withDescription("etcdserver: permission denied"));

		this.election.observe().subscribe(this.subscriber);

		assertThat(this.subscriber.awaitFailure()).isInstanceOf(EtcdPermissionException.class);
		assertThat(this.subscriber.signals()).containsExactly("subscribed", "failed");
	}

	@Test
	void failsAfterWhatItHasToTellWhenTheClientIsClosed() {
		observe(candidates(100, FIRST));
		createdOn(this.member, 0);

		this.client.close();
		this.subscriber.request(1);

		assertThat(this.subscriber.awaitFailure()).isInstanceOf(EtcdClosedException.class);
		assertThat(this.subscriber.signals()).containsExactly("subscribed", "item", "failed");
	}

	@Test
	void endsItsWatchWhenItIsCancelled() {
		observe(candidates(100, FIRST));
		this.subscriber.request(Long.MAX_VALUE);
		var stream = createdOn(this.member, 0);
		told(1);

		this.subscriber.cancel();

		assertThat(stream.awaitMessage(1).hasCancelRequest()).isTrue();
		assertThat(this.subscriber.signals()).containsExactly("subscribed", "item");
	}

	@Test
	void isCancelledWhenItsSubscriberThrows() {
		this.subscriber.throwOnItem(new IllegalStateException("thrown on purpose"));
		observe(candidates(100, FIRST));
		var stream = createdOn(this.member, 0);

		this.subscriber.request(2);

		await().until(() -> stream.messages().stream().anyMatch((message) -> message.hasCancelRequest()));
		assertThat(this.subscriber.signals()).containsExactly("subscribed", "item");
	}

	@Test
	void failsWhenNothingIsRequested() {
		observe(candidates(100, FIRST));

		this.subscriber.request(0);

		assertThat(this.subscriber.awaitFailure()).isInstanceOf(IllegalArgumentException.class)
			.hasMessage("n: 0 (expected: above zero)");
	}

	@Test
	void failsOnceWhenNothingIsRequestedThoughChangesAreUnderWay() {
		SteppedExecutor executor = new SteppedExecutor();
		LeaderObservation observation = new LeaderObservation(
				this.cluster.client((options) -> options.callbackExecutor(executor), this.member),
				KeyRange.prefix("election/"), this.subscriber);
		this.member.range().thenHold();
		observation.begin();
		executor.runNext();

		observation.request(0);
		observation.onNext(leads(100));
		observation.onError(new IllegalStateException("the watch ended"));

		executor.runUntil(() -> this.subscriber.signals().contains("failed"));
		assertThat(this.subscriber.awaitFailure()).isInstanceOf(IllegalArgumentException.class);
		observation.onNext(leads(101));
		observation.request(-1);
		observation.request(1);
		executor.runUntil(() -> true);
		assertThat(this.subscriber.signals()).containsExactly("subscribed", "failed");
	}

	@Test
	void failsForWhatWasRequestedWrongThoughItHasFailedOtherwise() {
		SteppedExecutor executor = new SteppedExecutor();
		LeaderObservation observation = new LeaderObservation(
				this.cluster.client((options) -> options.callbackExecutor(executor), this.member),
				KeyRange.prefix("election/"), this.subscriber);
		this.member.range().thenHold();
		observation.begin();
		executor.runNext();
		observation.onError(new IllegalStateException("the watch ended"));

		observation.request(0);

		executor.runUntil(() -> this.subscriber.signals().contains("failed"));
		assertThat(this.subscriber.awaitFailure()).isInstanceOf(IllegalArgumentException.class);
	}

	private static WatchBatch leads(long revision) {
		ByteSequence key = ByteSequence.of("election/" + revision);
		return new WatchBatch.Snapshot(revision,
				List.of(new KeyValue(key, ByteSequence.EMPTY, revision, revision, 1, LeaseId.NONE)));
	}

	private void observe(RangeResponse candidates) {
		this.member.range().thenAnswer(candidates);
		this.election.observe().subscribe(this.subscriber);
	}

	private List<String> told(int count) {
		return this.subscriber.awaitItems(count)
			.stream()
			.map((leader) -> leader.map((it) -> it.key().toUtf8() + " " + it.token() + " " + it.value().toUtf8())
				.orElse("nobody"))
			.toList();
	}

	/** A key that was created earlier and has another value now. */
	private static Event proclaimed(String key, long created, long revision) {
		Event put = put(key, "new", revision);
		return put.toBuilder().setKv(put.getKv().toBuilder().setCreateRevision(created)).build();
	}

	/** The first created at 50, the second at 51. */
	private static RangeResponse candidates(long revision, String... keys) {
		return RangeResponse.newBuilder()
			.setHeader(ResponseHeader.newBuilder().setRevision(revision))
			.addAllKvs(Stream.of(keys)
				.map((key) -> WatchAnswers.keyValue(key, ByteString.EMPTY, key.equals(FIRST) ? 50 : 51))
				.toList())
			.setCount(keys.length)
			.build();
	}

}
