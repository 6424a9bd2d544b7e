/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.session;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.EtcdClosedException;
import io.github.etcdspring.LeaseLostException;
import io.github.etcdspring.fixture.QueueStore;
import io.github.etcdspring.fixture.ScriptedCluster;
import io.github.etcdspring.fixture.ScriptedEtcd;
import io.grpc.Status;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static io.github.etcdspring.fixture.Results.failureOf;
import static io.github.etcdspring.fixture.Results.resultOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests of {@link Session#orphan()}: what becomes of those who own and of those who wait.
 */
class OrphanedQueueTests {

	private static final ByteSequence PREFIX = ByteSequence.of("lock/");

	private static final Status LOST = Status.UNAVAILABLE.withDescription("etcdserver: request timed out");

	@RegisterExtension
	final ScriptedCluster cluster = new ScriptedCluster();

	private ScriptedEtcd member;

	private QueueStore store;

	private Session session;

	@BeforeEach
	void open() {
		this.member = this.cluster.member();
		this.store = new QueueStore().serve(this.member).serveWatches(this.member);
		this.session = this.cluster.session(this.cluster.client(this.member), Duration.ofSeconds(60));
	}

	@Test
	void keepsWhatItHoldsAndLeavesTheQueuesItWaitsIn() {
		Ownership held = resultOf(this.session.enter(ByteSequence.of("held/"), ByteSequence.EMPTY));
		this.store.put("lock/1");
		CompletableFuture<Ownership> waiting = this.session.enter(PREFIX, ByteSequence.EMPTY);
		CompletableFuture<Ownership> behind = this.session.enter(PREFIX, ByteSequence.EMPTY);
		this.store.awaitWatches(1);

		assertThat(this.session.orphan()).contains(held.lease().lease());

		assertThat(this.store.keys()).containsExactly(held.key().toUtf8(), "lock/1");
		assertThat(failureOf(waiting)).isInstanceOf(LeaseLostException.class).hasMessageContaining("STOPPED");
		assertThat(failureOf(behind)).isInstanceOf(EtcdClosedException.class);
		assertThat(held.isHeld()).isFalse();
		assertThat(held.release()).isFalse();
		assertThat(this.store.keys()).contains(held.key().toUtf8());
		this.store.awaitWatches(0);
	}

	@Test
	void leavesTheQueueThatItIsAboutToEnter() {
		this.store.put("lock/1");
		this.member.txn().thenHold();
		CompletableFuture<Ownership> entering = this.session.enter(PREFIX, ByteSequence.EMPTY);
		var creation = this.member.txn().awaitCall(0);

		CompletableFuture<?> orphaned = CompletableFuture.runAsync(this.session::orphan);
		assertThat(failureOf(entering)).isInstanceOf(LeaseLostException.class);
		await().until(() -> this.session.state() == SessionState.CLOSED);
		creation.answer(this.store.commit(creation.request()));

		resultOf(orphaned);
		await().untilAsserted(() -> assertThat(this.store.keys()).containsExactly("lock/1"));
	}

	@Test
	void triesAgainToLeaveTheQueueWhenItsDeletionIsLost() {
		this.store.put("lock/1");
		this.session.enter(PREFIX, ByteSequence.EMPTY);
		this.store.awaitWatches(1);
		this.member.txn().thenFail(LOST);

		this.session.orphan();

		assertThat(this.store.keys()).as("after %s", this.member.txn().requests()).containsExactly("lock/1");
	}

	@Test
	void goesOnDeletingWhatWasReleasedBefore() {
		Ownership released = resultOf(this.session.enter(PREFIX, ByteSequence.EMPTY));
		this.member.txn().thenFail(LOST);
		CompletableFuture<Boolean> release = released.releaseAsync();
		this.member.txn().awaitCall(1);

		this.session.orphan();

		assertThat(resultOf(release)).isTrue();
		assertThat(this.store.keys()).isEmpty();
	}

}
