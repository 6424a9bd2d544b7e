/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.session;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.EtcdPermissionException;
import io.github.etcdspring.fixture.FakeClock;
import io.github.etcdspring.fixture.QueueStore;
import io.github.etcdspring.fixture.ScriptedCall;
import io.github.etcdspring.fixture.ScriptedCluster;
import io.github.etcdspring.fixture.ScriptedEtcd;
import io.github.etcdspring.internal.proto.KvProto.RequestOp;
import io.github.etcdspring.internal.proto.KvProto.TxnRequest;
import io.github.etcdspring.internal.proto.KvProto.TxnResponse;
import io.github.etcdspring.lease.KeepAlive;
import io.grpc.Status;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static io.github.etcdspring.fixture.Results.failureOf;
import static io.github.etcdspring.fixture.Results.resultOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests of {@link QueueEntry} and {@link OwnershipQueues}: keys that come late, and keys
 * that etcd refuses to delete.
 */
class LeftoverKeyTests {

	private static final ByteSequence PREFIX = ByteSequence.of("lock/");

	private static final Status LOST = Status.UNAVAILABLE.withDescription("etcdserver: request timed out");

	private static final Status FORBIDDEN = Status.PERMISSION_DENIED.withDescription("etcdserver: permission denied");

	@RegisterExtension
	final ScriptedCluster cluster = new ScriptedCluster();

	private final FakeClock clock = new FakeClock();

	private ScriptedEtcd member;

	private QueueStore store;

	private Session session;

	@BeforeEach
	void open() {
		this.member = this.cluster.member();
		this.store = new QueueStore().serve(this.member);
		this.session = this.cluster
			.closing(Session.open(this.cluster.client(this.clock, this.member), Duration.ofSeconds(60)));
		resultOf(this.session.leaseAsync());
	}

	@Test
	void deletesItsKeyWhenItIsCreatedAfterItWasGivenUp() {
		ScriptedCall<TxnRequest, TxnResponse> late = giveUpWithoutAnswer();
		this.store.commit(late.request());
		assertThat(this.store.keys()).hasSize(1);

		this.clock.advance(Duration.ofSeconds(2));

		await().until(() -> this.store.keys().isEmpty());
	}

	@Test
	void deletesItsKeyEachTimeItIsCreatedLate() {
		ScriptedCall<TxnRequest, TxnResponse> late = giveUpWithoutAnswer();
		this.store.commit(late.request());
		this.clock.advance(Duration.ofSeconds(2));
		await().until(() -> this.store.keys().isEmpty());
		await().until(() -> this.clock.delaysUpTo(Duration.ofSeconds(3))
			.stream()
			.anyMatch((delay) -> delay.compareTo(Duration.ofMillis(1500)) > 0));

		this.store.commit(late.request());
		this.clock.advance(Duration.ofSeconds(3));

		await().until(() -> this.store.keys().isEmpty());
	}

	@Test
	void doesNotOwnByAKeyThatCameLateBehindAnothers() {
		ScriptedCall<TxnRequest, TxnResponse> late = giveUpWithoutAnswer();
		this.store.put("lock/1");
		this.store.commit(late.request());

		Optional<Ownership> ownership = resultOf(this.session.tryEnter(PREFIX, ByteSequence.EMPTY));

		assertThat(ownership).isEmpty();
		await().untilAsserted(() -> assertThat(this.store.keys()).containsExactly("lock/1"));
	}

	/** Leaves the transaction that creates the key as one whose fate is unknown. */
	private ScriptedCall<TxnRequest, TxnResponse> giveUpWithoutAnswer() {
		this.member.txn().thenHold();
		CompletableFuture<Ownership> entry = this.session.enter(PREFIX, ByteSequence.EMPTY);
		ScriptedCall<TxnRequest, TxnResponse> creation = this.member.txn().awaitCall(0);
		entry.cancel(false);
		creation.fail(LOST);
		this.member.txn().awaitCall(1);
		// the deletion has been answered when the next is planned
		await().until(() -> this.clock.delaysUpTo(Duration.ofSeconds(2))
			.stream()
			.anyMatch((delay) -> delay.compareTo(Duration.ofMillis(800)) > 0));
		return creation;
	}

	@Test
	void saysThatTheDeletionWasRefusedAndDeletesTheKeyWhenItMay() {
		Ownership first = resultOf(this.session.enter(PREFIX, ByteSequence.EMPTY));
		this.member.txn().thenFail(FORBIDDEN).thenFail(FORBIDDEN);

		CompletableFuture<Boolean> released = first.releaseAsync();

		assertThat(failureOf(released)).isInstanceOf(EtcdPermissionException.class);
		assertThat(first.isHeld()).isFalse();
		await().until(() -> {
			this.clock.advance(Duration.ofMillis(100));
			return this.store.keys().isEmpty();
		});
	}

	@Test
	void failsAsLongAsTheKeyOfTheLastIsRefusedToBeDeleted() {
		Ownership first = resultOf(this.session.enter(PREFIX, ByteSequence.EMPTY));
		CompletableFuture<Ownership> waiting = this.session.enter(PREFIX, ByteSequence.EMPTY);
		this.member.txn().thenFail(FORBIDDEN);

		assertThat(failureOf(first.releaseAsync())).isInstanceOf(EtcdPermissionException.class);

		assertThat(failureOf(waiting)).isInstanceOf(EtcdPermissionException.class);
		assertThat(failureOf(this.session.enter(PREFIX, ByteSequence.EMPTY)))
			.isInstanceOf(EtcdPermissionException.class);
		assertThat(failureOf(this.session.tryEnter(PREFIX, ByteSequence.EMPTY)))
			.isInstanceOf(EtcdPermissionException.class);
	}

	@Test
	void ownsAnewWhenTheKeyThatWasRefusedToBeDeletedIsGone() {
		Ownership first = resultOf(this.session.enter(PREFIX, ByteSequence.EMPTY));
		this.member.txn().thenFail(FORBIDDEN);
		failureOf(first.releaseAsync());
		await().until(() -> {
			this.clock.advance(Duration.ofMillis(100));
			return this.store.keys().isEmpty();
		});

		await().until(() -> resultOf(this.session.tryEnter(PREFIX, ByteSequence.EMPTY)
			.handle((ownership, failure) -> failure == null && ownership.isPresent()
					&& ownership.get().token() > first.token())));
	}

	@Test
	void doesNotDeleteTheKeyOfTheNextWhenADeletionComesLate() {
		ScriptedCall<TxnRequest, TxnResponse> late = giveUpWithoutAnswer();
		this.store.commit(late.request());
		this.clock.advance(Duration.ofSeconds(2));
		await().until(() -> this.store.keys().isEmpty());
		Ownership next = resultOf(this.session.enter(PREFIX, ByteSequence.EMPTY));

		this.member.txn()
			.calls()
			.stream()
			.map(ScriptedCall::request)
			.filter(LeftoverKeyTests::deletes)
			.forEach(this.store::commit);

		assertThat(this.store.keys()).containsExactly(next.key().toUtf8());
	}

	private static boolean deletes(TxnRequest request) {
		return request.getSuccessList().stream().anyMatch(RequestOp::hasRequestDeleteRange);
	}

	@Test
	void deletesAKeyOnceHoweverOftenItIsAsked() {
		// the second could meet the key of the next, which has the same name
		KeepAlive lease = resultOf(this.session.leaseAsync());
		KeyRemoval removal = new KeyRemoval(this.session.client(), lease, ByteSequence.of("lock/key"));

		removal.begin(0);
		removal.begin(0);

		assertThat(resultOf(removal.gone())).isFalse();
		this.session.client().kv().get("barrier");
		assertThat(this.member.txn().count()).isEqualTo(1);
	}

	@Test
	void looksForAKeyThatIsBeingDeletedBeforeItSaysThatThereIsNone() {
		KeepAlive lease = resultOf(this.session.leaseAsync());
		KeyRemoval removal = new KeyRemoval(this.session.client(), lease, ByteSequence.of("lock/key"));
		this.member.txn().thenHold();
		removal.begin(0);
		var look = this.member.txn().awaitCall(0);

		removal.notNeeded();

		assertThat(removal.gone()).isNotDone();
		look.answer(this.store.commit(look.request()));
		assertThat(resultOf(removal.gone())).isFalse();
	}

	@Test
	void sweepsAKeyInOneSeriesHoweverManyMayComeLate() {
		giveUpWithoutAnswer();
		giveUpAgainWithoutAnswer();

		assertThat(this.clock.delaysUpTo(Duration.ofSeconds(2)))
			.filteredOn((delay) -> delay.compareTo(Duration.ofMillis(800)) > 0)
			.hasSize(1);
	}

	private void giveUpAgainWithoutAnswer() {
		int calls = this.member.txn().count();
		this.member.txn().thenHold();
		CompletableFuture<Ownership> entry = this.session.enter(PREFIX, ByteSequence.EMPTY);
		ScriptedCall<TxnRequest, TxnResponse> creation = this.member.txn().awaitCall(calls);
		entry.cancel(false);
		creation.fail(LOST);
		this.member.txn().awaitCall(calls + 1);
		// the next turn begins when that one is over
		Ownership next = resultOf(this.session.enter(PREFIX, ByteSequence.EMPTY));
		resultOf(next.releaseAsync());
	}

	@Test
	void isFreeWhileItLooksForAKeyThatMayComeLate() {
		giveUpWithoutAnswer();
		this.member.txn().thenHold();
		this.clock.advance(Duration.ofSeconds(2));
		var look = this.member.txn().awaitCall(2);

		CompletableFuture<Optional<Ownership>> attempt = this.session.tryEnter(PREFIX, ByteSequence.EMPTY);
		look.answer(this.store.commit(look.request()));

		assertThat(resultOf(attempt)).isPresent();
	}

	@Test
	void looksForNoKeyThatEtcdRefusedToCreate() {
		this.member.txn().thenFail(FORBIDDEN);

		assertThat(failureOf(this.session.enter(PREFIX, ByteSequence.EMPTY)))
			.isInstanceOf(EtcdPermissionException.class);

		assertThat(resultOf(this.session.enter(PREFIX, ByteSequence.EMPTY)).isHeld()).isTrue();
		assertThat(this.member.txn().count()).isEqualTo(2);
	}

	@Test
	void looksForAKeyThatMayHaveBeenCreatedBeforeEtcdRefusedTo() {
		this.member.txn().then((call) -> {
			this.store.commit(call.request());
			call.fail(LOST);
		}).thenFail(FORBIDDEN);
		CompletableFuture<Ownership> entry = this.session.enter(PREFIX, ByteSequence.EMPTY);
		await().until(() -> {
			this.clock.advance(Duration.ofMillis(100));
			return entry.isDone();
		});

		assertThat(failureOf(entry)).isInstanceOf(EtcdPermissionException.class);
		await().until(() -> this.store.keys().isEmpty());
	}

	@Test
	void leavesAKeyToItsLeaseThatItMayNotLookFor() {
		KeepAlive lease = resultOf(this.session.leaseAsync());
		this.member.txn().otherwiseFail(FORBIDDEN);
		KeyRemoval removal = new KeyRemoval(this.session.client(), lease, ByteSequence.of("lock/key"));

		removal.begin(0);

		await().until(() -> {
			this.clock.advance(Duration.ofMillis(500));
			return removal.gone().isDone();
		});
		assertThat(resultOf(removal.gone())).isFalse();
		assertThat(failureOf(removal.told())).isInstanceOf(EtcdPermissionException.class);
		assertThat(this.member.txn().count()).isEqualTo(10);
		assertThat(lease.isAlive()).isTrue();
	}

}
