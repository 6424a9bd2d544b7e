/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.election;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import com.google.protobuf.ByteString;
import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.EtcdUnavailableException;
import io.github.etcdspring.LeaseLostException;
import io.github.etcdspring.Outcome;
import io.github.etcdspring.fixture.FakeClock;
import io.github.etcdspring.fixture.QueueStore;
import io.github.etcdspring.fixture.ScriptedCluster;
import io.github.etcdspring.fixture.ScriptedEtcd;
import io.github.etcdspring.fixture.WatchAnswers;
import io.github.etcdspring.internal.proto.HeaderProto.ResponseHeader;
import io.github.etcdspring.internal.proto.KvProto.RangeResponse;
import io.github.etcdspring.internal.proto.KvProto.TxnResponse;
import io.github.etcdspring.session.Session;
import io.grpc.Status;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static io.github.etcdspring.fixture.Results.failureOf;
import static io.github.etcdspring.fixture.Results.resultOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Tests of {@link LeaderElection} and {@link Leadership}: campaigns that are given up,
 * answers that are lost.
 */
class LeaderElectionTests {

	private static final ByteSequence ME = ByteSequence.of("me");

	private static final Duration TTL = Duration.ofSeconds(9);

	@RegisterExtension
	final ScriptedCluster cluster = new ScriptedCluster();

	private ScriptedEtcd member;

	private QueueStore store;

	private LeaderElection election;

	@BeforeEach
	void open() {
		this.member = this.cluster.member();
		this.store = new QueueStore().serve(this.member);
		Session session = Session.open(this.cluster.client(this.member), Duration.ofSeconds(60));
		this.election = LeaderElection.of(this.cluster.closing(session), "election");
	}

	@Test
	void leavesNoCandidateWhenTheCampaignIsCancelledWhileItsTransactionIsUnderWay() {
		this.member.txn().thenHold();
		CompletableFuture<Leadership> campaign = this.election.campaignAsync(ME);
		var held = this.member.txn().awaitCall(0);

		campaign.cancel(false);
		held.answer(this.store.commit(held.request()));

		this.member.txn().awaitCall(1);
		await().until(() -> this.store.keys().isEmpty());
		assertThat(this.member.watch().count()).isZero();
	}

	@Test
	void leavesNoCandidateWhenTheThreadIsInterrupted() throws Exception {
		this.member.txn().thenHold();
		CompletableFuture<Throwable> thrown = new CompletableFuture<>();
		Thread candidate = new Thread(() -> {
			try {
				thrown.completeExceptionally(new IllegalStateException(this.election.campaign(ME).toString()));
			}
			catch (InterruptedException ex) {
				thrown.complete(ex);
			}
		});
		candidate.start();
		var held = this.member.txn().awaitCall(0);

		candidate.interrupt();

		assertThat(thrown.get(5, TimeUnit.SECONDS)).isInstanceOf(InterruptedException.class);
		held.answer(this.store.commit(held.request()));
		this.member.txn().awaitCall(1);
		await().until(() -> this.store.keys().isEmpty());
	}

	@Test
	void leadsOnceWhenTheAnswerToItsTransactionIsLost() {
		this.member.txn().then((call) -> {
			this.store.commit(call.request());
			call.fail(Status.UNAVAILABLE);
		});

		Leadership leadership = resultOf(this.election.campaignAsync(ME));

		assertThat(leadership.isHeld()).isTrue();
		assertThat(leadership.fencingToken()).isEqualTo(ScriptedEtcd.REVISION + 1);
		assertThat(this.store.keys()).containsExactly(leadership.key().toUtf8());
	}

	@Test
	@DisplayName("etcd-java #49: a leader that is cut off leads on after its lease")
	void endsAtTheDeadlineOfItsLeaseThoughItHearsNothing() {
		FakeClock clock = new FakeClock();
		Session session = Session.open(this.cluster.client(clock, this.member), TTL);
		LeaderElection election = LeaderElection.of(this.cluster.closing(session), "cut-off");
		Leadership leadership = resultOf(election.campaignAsync(ME));
		this.member.watch().awaitStream(0).awaitMessage(0);

		clock.advance(TTL.dividedBy(2));
		assertThat(leadership.isHeld()).isTrue();
		clock.advance(TTL.dividedBy(2));

		assertThat(leadership.isHeld()).isFalse();
		assertThat(resultOf(leadership.end())).isEqualTo(LeadershipEnd.LEASE_LOST);
		assertThat(this.store.keys()).contains(leadership.key().toUtf8());
	}

	@Test
	void endsWhenSomebodyElseDeletesItsKey() {
		Leadership leadership = resultOf(this.election.campaignAsync(ME));
		var stream = this.member.watch().awaitStream(0);
		assertThat(stream.awaitMessage(0).getCreateRequest().getStartRevision())
			.isEqualTo(leadership.fencingToken() + 1);
		stream.send(WatchAnswers.created(0, 200));

		stream.send(WatchAnswers.events(0,
				List.of(WatchAnswers.delete(leadership.key().toUtf8(), leadership.fencingToken() + 5))));

		assertThat(resultOf(leadership.end())).isEqualTo(LeadershipEnd.KEY_DELETED);
		assertThat(leadership.isHeld()).isFalse();
		assertThat(stream.awaitMessage(1).hasCancelRequest()).isTrue();
	}

	@Test
	void failsToProclaimWithTheBareReasonWhenItNoLongerLeads() {
		Leadership leadership = resultOf(this.election.campaignAsync(ME));
		resultOf(leadership.resignAsync());
		CompletableFuture<Throwable> seen = new CompletableFuture<>();

		leadership.proclaimAsync(ME).whenComplete((revision, failure) -> seen.complete(failure));

		assertThat(resultOf(seen)).isInstanceOf(LeaseLostException.class);
	}

	@Test
	void cancelsTheQuestionWhoLeadsWithItsFuture() {
		this.member.range().thenHold();
		CompletableFuture<Optional<Candidate>> leader = this.election.leaderAsync();
		var question = this.member.range().awaitCall(0);

		leader.cancel(false);

		await().until(question::isCancelled);
	}

	@Test
	void endsWhenItsKeyIsDeletedWhileThatItLeadsIsStillBeingTold() {
		CompletableFuture<Leadership> told = new CompletableFuture<>();
		CountDownLatch listening = new CountDownLatch(1);
		this.cluster.closing(listening::countDown);
		this.member.txn().thenHold();
		this.election.campaignAsync(ME).thenAccept((leadership) -> {
			told.complete(leadership);
			awaitUninterruptibly(listening);
		});
		var held = this.member.txn().awaitCall(0);
		held.answer(this.store.commit(held.request()));
		Leadership leadership = resultOf(told);
		var stream = this.member.watch().awaitStream(0);
		stream.awaitMessage(0);
		stream.send(WatchAnswers.created(0, 200));

		stream.send(WatchAnswers.events(0,
				List.of(WatchAnswers.delete(leadership.key().toUtf8(), leadership.fencingToken() + 5))));

		await().until(() -> !leadership.isHeld());
		assertThat(listening.getCount()).isEqualTo(1);
	}

	private static void awaitUninterruptibly(CountDownLatch latch) {
		try {
			assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Test
	void isNotHeldUpByWhatIsChainedToItsEnd() {
		Leadership first = resultOf(this.election.campaignAsync(ME));
		CompletableFuture<Leadership> second = first.end()
			.thenApply((reason) -> this.election.campaignAsync(ME).join())
			.toCompletableFuture();

		first.resignAsync();

		assertThat(resultOf(second).isHeld()).isTrue();
		assertThat(resultOf(second).fencingToken()).isGreaterThan(first.fencingToken());
	}

	@Test
	void looksAtItsKeyWhenItMayNoLongerWatchIt() {
		Leadership leadership = resultOf(this.election.campaignAsync(ME));
		answerReadWithItsKey(leadership, leadership.fencingToken() + 50);
		var stream = this.member.watch().awaitStream(0);
		stream.awaitMessage(0);

		stream.send(WatchAnswers.refused(0, "rpc error: code = PermissionDenied desc = etcdserver: permission denied"));

		assertThat(resultOf(leadership.end())).isEqualTo(LeadershipEnd.KEY_DELETED);
	}

	@Test
	void leadsOnWhenItsKeyStandsAfterTheHistoryIsCompacted() {
		Leadership leadership = resultOf(this.election.campaignAsync(ME));
		answerReadWithItsKey(leadership, leadership.fencingToken());
		var stream = this.member.watch().awaitStream(0);
		stream.awaitMessage(0);
		stream.send(WatchAnswers.created(0, 200));

		stream.send(WatchAnswers.compacted(0, 150));

		assertThat(stream.awaitMessage(1).getCreateRequest().getStartRevision()).isEqualTo(201);
		assertThat(leadership.isHeld()).isTrue();
	}

	@Test
	void endsWhenItsKeyIsAnothersAfterTheHistoryIsCompacted() {
		Leadership leadership = resultOf(this.election.campaignAsync(ME));
		answerReadWithItsKey(leadership, leadership.fencingToken() + 50);
		var stream = this.member.watch().awaitStream(0);
		stream.awaitMessage(0);
		stream.send(WatchAnswers.created(0, 200));

		stream.send(WatchAnswers.compacted(0, 150));

		assertThat(resultOf(leadership.end())).isEqualTo(LeadershipEnd.KEY_DELETED);
		assertThat(leadership.isHeld()).isFalse();
	}

	private void answerReadWithItsKey(Leadership leadership, long createRevision) {
		this.member.range()
			.thenAnswer(RangeResponse.newBuilder()
				.setHeader(ResponseHeader.newBuilder().setRevision(200))
				.addKvs(WatchAnswers.keyValue(leadership.key().toUtf8(), ByteString.EMPTY, createRevision))
				.build());
	}

	@Test
	void failsToProclaimWhenItNoLongerLeads() {
		Leadership leadership = resultOf(this.election.campaignAsync(ME));
		this.member.txn().thenAnswer(TxnResponse.getDefaultInstance());

		CompletableFuture<Long> proclaimed = leadership.proclaimAsync(ByteSequence.of("other"));

		assertThat(failureOf(proclaimed)).isInstanceOf(LeaseLostException.class);
	}

	@Test
	void doesNotProclaimTwiceWhenTheAnswerIsLost() {
		Leadership leadership = resultOf(this.election.campaignAsync(ME));
		int before = this.member.txn().count();
		this.member.txn().thenFail(Status.UNAVAILABLE);

		CompletableFuture<Long> proclaimed = leadership.proclaimAsync(ByteSequence.of("other"));

		assertThat(failureOf(proclaimed)).isInstanceOfSatisfying(EtcdUnavailableException.class,
				(failure) -> assertThat(failure.outcome()).isEqualTo(Outcome.UNKNOWN));
		assertThat(this.member.txn().count() - before).isEqualTo(1);
	}

	@Test
	void proclaimsAndResignsAndWaitsForBoth() {
		Leadership leadership = resultOf(this.election.campaignAsync(ME));

		long revision = leadership.proclaim(ByteSequence.of("other"));

		assertThat(revision).isEqualTo(leadership.fencingToken() + 1);
		assertThat(leadership.resign()).isTrue();
		assertThat(this.store.keys()).isEmpty();
		assertThatExceptionOfType(LeaseLostException.class).isThrownBy(() -> leadership.proclaim(ME));
	}

	@Test
	void isNotHeldFromTheMomentItResigns() {
		Leadership leadership = resultOf(this.election.campaignAsync(ME));
		this.member.txn().thenHold();

		CompletableFuture<Boolean> resigned = leadership.resignAsync();

		assertThat(leadership.isHeld()).isFalse();
		assertThat(resultOf(leadership.end())).isEqualTo(LeadershipEnd.RESIGNED);
		var held = this.member.txn().awaitCall(1);
		held.answer(this.store.commit(held.request()));
		assertThat(resultOf(resigned)).isTrue();
	}

}
