/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.session;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.EtcdRequestException;
import io.github.etcdspring.LeaseLostException;
import io.github.etcdspring.LeaseNotFoundException;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.fixture.FakeClock;
import io.github.etcdspring.fixture.QueueStore;
import io.github.etcdspring.fixture.ScriptedCluster;
import io.github.etcdspring.fixture.ScriptedEtcd;
import io.github.etcdspring.fixture.SteppedExecutor;
import io.github.etcdspring.fixture.WatchAnswers;
import io.github.etcdspring.internal.proto.LeaseProto.LeaseKeepAliveResponse;
import io.github.etcdspring.lease.LeaseEnd;
import io.grpc.Status;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static io.github.etcdspring.fixture.Results.failureOf;
import static io.github.etcdspring.fixture.Results.resultOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests of {@link QueueEntry} and {@link OwnershipQueues}: what happens when answers are
 * lost, late, or no longer wanted.
 */
class OwnershipTests {

	private static final ByteSequence PREFIX = ByteSequence.of("lock/");

	private static final Duration TTL = Duration.ofSeconds(60);

	private static final Status LOST = Status.UNAVAILABLE.withDescription("etcdserver: request timed out");

	private static final String FORBIDDEN = "rpc error: code = PermissionDenied desc = etcdserver: permission denied";

	@RegisterExtension
	final ScriptedCluster cluster = new ScriptedCluster();

	private ScriptedEtcd member;

	private QueueStore store;

	@BeforeEach
	void start() {
		this.member = this.cluster.member();
		this.store = new QueueStore().serve(this.member);
	}

	@Test
	void ownsOnceWhenTheAnswerToItsTransactionIsLost() {
		this.member.txn().then((call) -> {
			this.store.commit(call.request());
			call.fail(LOST);
		});
		Session session = open();

		Ownership ownership = resultOf(session.enter(PREFIX, ByteSequence.EMPTY));

		assertThat(ownership.token()).isEqualTo(ScriptedEtcd.REVISION + 1);
		assertThat(ownership.isHeld()).isTrue();
		assertThat(this.store.keys()).containsExactly(ownership.key().toUtf8());
		assertThat(this.member.txn().count()).isEqualTo(2);
	}

	@Test
	void tellsUsersOnNoThreadOfTheConnection() {
		this.member.txn().thenHold().thenHold();
		CompletableFuture<Ownership> entry = open().enter(PREFIX, ByteSequence.EMPTY);
		CompletableFuture<String> entered = entry.thenApply((ownership) -> Thread.currentThread().getName());
		var creation = this.member.txn().awaitCall(0);
		creation.answer(this.store.commit(creation.request()));
		CompletableFuture<String> released = resultOf(entry).releaseAsync()
			.thenApply((held) -> Thread.currentThread().getName());
		var deletion = this.member.txn().awaitCall(1);
		deletion.answer(this.store.commit(deletion.request()));

		assertThat(resultOf(entered)).contains("-callback-");
		assertThat(resultOf(released)).contains("-callback-");
	}

	@Test
	void ownsOnceWhenTheAnswerToItsAttemptIsLost() {
		this.member.txn().then((call) -> {
			this.store.commit(call.request());
			call.fail(LOST);
		});
		Session session = open();

		CompletableFuture<Optional<Ownership>> attempt = session.tryEnter(PREFIX, ByteSequence.EMPTY);

		assertThat(resultOf(attempt))
			.hasValueSatisfying((ownership) -> assertThat(ownership.token()).isEqualTo(ScriptedEtcd.REVISION + 1));
		assertThat(this.store.keys()).hasSize(1);
	}

	@Test
	void isNotOwnedWhenTheAnswerTakesLongerThanTheLeaseLives() {
		FakeClock clock = new FakeClock();
		Session session = this.cluster.session(this.cluster.client(clock, this.member), TTL);
		this.member.txn().thenHold();
		CompletableFuture<Ownership> entry = session.enter(PREFIX, ByteSequence.EMPTY);
		var held = this.member.txn().awaitCall(0);

		clock.jump(TTL);
		held.answer(this.store.commit(held.request()));

		assertThat(failureOf(entry)).isInstanceOf(LeaseLostException.class);
	}

	@Test
	void tellsEachOfTheLossThoughAnotherTakesItsTimeToHear() {
		FakeClock clock = new FakeClock();
		Session session = this.cluster.session(this.cluster.client(clock, this.member), TTL);
		CompletableFuture<Void> gate = new CompletableFuture<>();
		this.cluster.closing(() -> gate.complete(null));
		List<Ownership> ownerships = IntStream.range(0, 10)
			.mapToObj((i) -> resultOf(session.enter(ByteSequence.of("lock" + i + "/"), ByteSequence.EMPTY)))
			.toList();
		ownerships.forEach((ownership) -> ownership.lost().thenRun(gate::join));

		clock.jump(TTL);
		assertThat(ownerships.get(0).isHeld()).isFalse();

		ownerships.forEach((ownership) -> assertThat(resultOf(ownership.lost())).isEqualTo(LeaseEnd.EXPIRED));
		assertThat(gate).isNotDone();
	}

	@Test
	void deletesItsKeyWhenItIsGivenUpWhileItsTransactionIsUnderWay() {
		this.member.txn().thenHold();
		CompletableFuture<Ownership> entry = open().enter(PREFIX, ByteSequence.EMPTY);
		var held = this.member.txn().awaitCall(0);

		entry.cancel(false);
		held.answer(this.store.commit(held.request()));

		this.member.txn().awaitCall(1);
		await().until(() -> this.store.keys().isEmpty());
	}

	@Test
	void deletesItsKeyWhenItIsGivenUpAndTheAnswerToItsTransactionIsLost() {
		this.member.txn().thenHold();
		CompletableFuture<Ownership> entry = open().enter(PREFIX, ByteSequence.EMPTY);
		var held = this.member.txn().awaitCall(0);

		entry.cancel(false);
		this.store.commit(held.request());
		held.fail(LOST);

		this.member.txn().awaitCall(1);
		await().until(() -> this.store.keys().isEmpty());
	}

	@Test
	void triesAgainToDeleteItsKeyWhenTheClusterIsAway() {
		Session session = open();
		Ownership ownership = resultOf(session.enter(PREFIX, ByteSequence.EMPTY));
		this.member.txn().thenFail(LOST).thenFail(LOST);

		CompletableFuture<Boolean> released = ownership.releaseAsync();

		assertThat(ownership.isHeld()).isFalse();
		assertThat(resultOf(released)).isTrue();
		assertThat(this.store.keys()).isEmpty();
	}

	@Test
	void deletesItsKeyLongBeforeTheRequestTimeoutWhenAMemberIsSilent() {
		Session session = this.cluster
			.session(this.cluster.client((options) -> options.requestTimeout(Duration.ofHours(1)), this.member), TTL);
		Ownership ownership = resultOf(session.enter(PREFIX, ByteSequence.EMPTY));
		this.member.txn().thenHold();

		assertThat(resultOf(ownership.releaseAsync())).isTrue();
		assertThat(this.store.keys()).isEmpty();
	}

	@Test
	void saysThatItWasReleasedWhenTheAnswerToTheDeletionIsLost() {
		Session session = open();
		Ownership ownership = resultOf(session.enter(PREFIX, ByteSequence.EMPTY));
		this.member.txn().then((call) -> {
			this.store.commit(call.request());
			call.fail(LOST);
		});

		assertThat(resultOf(ownership.releaseAsync())).isTrue();
		assertThat(resultOf(ownership.releaseAsync())).isTrue();
		assertThat(this.store.keys()).isEmpty();
	}

	@Test
	void failsWhenTheLeaseIsLostWhileItWaits() {
		FakeClock clock = new FakeClock();
		this.store.put("lock/1");
		Session session = this.cluster.session(this.cluster.client(clock, this.member), TTL);
		CompletableFuture<Ownership> entry = session.enter(PREFIX, ByteSequence.EMPTY);
		this.member.watch().awaitStream(0).awaitMessage(0);
		clock.advance(TTL.dividedBy(3));
		var renewals = this.member.keepAlive().awaitStream(0);

		renewals.send(LeaseKeepAliveResponse.newBuilder().setID(renewals.awaitMessage(0).getID()).build());

		assertThat(failureOf(entry)).isInstanceOf(LeaseLostException.class)
			.hasMessageContaining("lost the lease while waiting for lock/: NOT_FOUND");
	}

	@Test
	void knowsThatItsLeaseWasRevokedWithTheNextRenewal() {
		FakeClock clock = new FakeClock();
		Session session = this.cluster.session(this.cluster.client(clock, this.member), TTL);
		Ownership held = resultOf(session.enter(PREFIX, ByteSequence.EMPTY));
		clock.advance(TTL.dividedBy(3).minusMillis(1));
		assertThat(held.isHeld()).isTrue();
		clock.advance(Duration.ofMillis(1));
		var renewals = this.member.keepAlive().awaitStream(0);

		renewals.send(LeaseKeepAliveResponse.newBuilder().setID(renewals.awaitMessage(0).getID()).build());

		assertThat(resultOf(held.lost())).isEqualTo(LeaseEnd.NOT_FOUND);
		assertThat(held.isHeld()).isFalse();
	}

	@Test
	void failsAsLostWhenTheServerNoLongerKnowsTheLeaseItEntersWith() {
		this.member.txn().otherwiseFail(Status.NOT_FOUND.withDescription("etcdserver: requested lease not found"));

		CompletableFuture<Ownership> entry = open().enter(PREFIX, ByteSequence.EMPTY);

		assertThat(failureOf(entry)).isInstanceOf(LeaseLostException.class)
			.hasCauseInstanceOf(LeaseNotFoundException.class);
	}

	@Test
	void isToldOnceWhenItsLeaseIsLostAndNeverWhenItWasReleased() {
		FakeClock clock = new FakeClock();
		Session session = this.cluster.session(this.cluster.client(clock, this.member), TTL);
		Ownership released = resultOf(session.enter(ByteSequence.of("other/"), ByteSequence.EMPTY));
		resultOf(released.releaseAsync());
		Ownership held = resultOf(session.enter(PREFIX, ByteSequence.EMPTY));

		clock.jump(TTL);

		assertThat(held.isHeld()).isFalse();
		assertThat(resultOf(held.lost())).isEqualTo(LeaseEnd.EXPIRED);
		assertThat(released.lost().toCompletableFuture().isDone()).isFalse();
		assertThat(resultOf(held.releaseAsync())).isFalse();
	}

	@Test
	void triesOneGrantOnlyWhenItIsWantedIfFree() {
		this.member.grant().otherwiseFail(Status.RESOURCE_EXHAUSTED);

		CompletableFuture<Optional<Ownership>> attempt = open().tryEnter(PREFIX, ByteSequence.EMPTY);

		assertThat(failureOf(attempt)).isInstanceOf(EtcdRequestException.class);
		assertThat(this.member.txn().count()).isZero();
	}

	@Test
	void waitsForTheNearestKeyBeforeItsOwnOnly() {
		this.store.put("lock/1");
		this.store.put("lock/2");
		Session session = open();

		session.enter(PREFIX, ByteSequence.EMPTY);

		var create = this.member.watch().awaitStream(0).awaitMessage(0).getCreateRequest();
		assertThat(create.getKey().toStringUtf8()).isEqualTo("lock/2");
		assertThat(create.getRangeEnd().isEmpty()).isTrue();
		assertThat(create.getStartRevision()).isEqualTo(ScriptedEtcd.REVISION + 4);
	}

	@Test
	void looksAgainAfterAPauseWhenItsWatchEndsByItself() {
		FakeClock clock = new FakeClock();
		this.store.put("lock/1");
		this.member.watch()
			.onMessage((stream, request) -> stream
				.send(WatchAnswers.refused(request.getCreateRequest().getWatchId(), FORBIDDEN)));
		Session session = this.cluster.session(this.cluster.client(clock, this.member), TTL);
		CompletableFuture<Ownership> entry = session.enter(PREFIX, ByteSequence.EMPTY);
		await().until(() -> !clock.delaysUpTo(Duration.ofMillis(75)).isEmpty());
		assertThat(this.member.txn().count()).isEqualTo(2);
		this.store.delete("lock/1");

		clock.advance(Duration.ofMillis(75));

		assertThat(resultOf(entry).isHeld()).isTrue();
		assertThat(this.member.txn().count()).isEqualTo(3);
	}

	@Test
	void letsTheNextGoAheadWhenOneIsGivenUpInTheMomentOfItsTurn() {
		SteppedExecutor executor = new SteppedExecutor();
		EtcdClient client = this.cluster.client((options) -> options.callbackExecutor(executor), this.member);
		SessionLease lease = new SessionLease(client, new LeaseSource(client.lease(), TTL, null),
				new SessionListener() {
				});
		lease.grant();
		OwnershipQueues queues = new OwnershipQueues(client, lease);
		CompletableFuture<Ownership> first = queues.enter(PREFIX, ByteSequence.EMPTY);
		executor.runUntil(first::isDone);
		CompletableFuture<Ownership> second = queues.enter(PREFIX, ByteSequence.EMPTY);
		CompletableFuture<Ownership> third = queues.enter(PREFIX, ByteSequence.EMPTY);
		CompletableFuture<Boolean> released = resultOf(first).releaseAsync();
		// the answer to the deletion, which makes it the second's turn
		executor.runNext();

		second.cancel(false);

		executor.runUntil(third::isDone);
		assertThat(resultOf(released)).isTrue();
		assertThat(resultOf(third).isHeld()).isTrue();
		assertThat(resultOf(third).token()).isGreaterThan(resultOf(first).token());
		assertThat(this.store.keys()).containsExactly(resultOf(third).key().toUtf8());
	}

	@Test
	void goesOnWhenEveryOneOfAThousandIsGivenUpBeforeItsTurn() {
		Session session = open();
		Ownership first = resultOf(session.enter(PREFIX, ByteSequence.EMPTY));
		for (int i = 0; i < 1000; i++) {
			session.enter(PREFIX, ByteSequence.EMPTY).cancel(false);
		}
		CompletableFuture<Ownership> last = session.enter(PREFIX, ByteSequence.EMPTY);

		first.releaseAsync();

		assertThat(resultOf(last).token()).isGreaterThan(first.token());
		assertThat(this.member.txn().count()).isEqualTo(3);
	}

	@Test
	void isNotHeldUpByWhatIsChainedToAnOutcome() {
		Session session = open();
		this.member.txn().thenFail(Status.INVALID_ARGUMENT);

		CompletableFuture<Ownership> second = session.tryEnter(PREFIX, ByteSequence.EMPTY)
			.handle((ownership, failure) -> session.enter(PREFIX, ByteSequence.EMPTY).join());

		assertThat(resultOf(second).isHeld()).isTrue();
	}

	@Test
	void failsWithTheFailureItselfNotWithAWrapper() {
		this.member.grant().otherwiseFail(Status.RESOURCE_EXHAUSTED);
		CompletableFuture<Throwable> seen = new CompletableFuture<>();

		open().tryEnter(PREFIX, ByteSequence.EMPTY).whenComplete((ownership, failure) -> seen.complete(failure));

		assertThat(resultOf(seen)).isInstanceOf(EtcdRequestException.class);
	}

	private Session open() {
		return this.cluster.closing(Session.open(this.cluster.client(this.member), TTL));
	}

}
