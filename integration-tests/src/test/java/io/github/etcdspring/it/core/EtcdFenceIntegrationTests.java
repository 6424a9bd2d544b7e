/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.core;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.KeyRange;
import io.github.etcdspring.LeaseLostException;
import io.github.etcdspring.boot.test.cluster.EtcdCluster;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.election.Leadership;
import io.github.etcdspring.kv.Compare;
import io.github.etcdspring.kv.DeleteRequest;
import io.github.etcdspring.kv.PutRequest;
import io.github.etcdspring.kv.TxnRequest;
import io.github.etcdspring.kv.TxnResult;
import io.github.etcdspring.lock.EtcdLock;
import io.github.etcdspring.session.EtcdFence;
import io.github.etcdspring.session.Ownership;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Writes through the fence of a lock or a leadership (P5), and locks for no thread in
 * particular.
 */
@EachVersion
class EtcdFenceIntegrationTests {

	private static final Duration SOON = Duration.ofSeconds(10);

	private static final Duration TTL = Duration.ofSeconds(5);

	private final KeySpace keys = KeySpace.unique();

	@AutoClose
	private final EtcdCluster cluster;

	@AutoClose
	private final Party party;

	private final EtcdClient client;

	private final EtcdLock lock;

	EtcdFenceIntegrationTests(String version) {
		this.cluster = EtcdCluster.builder().version(version).start();
		this.party = Party.join(this.cluster, TTL);
		this.client = this.party.client();
		this.lock = this.party.lock(this.keys.name("lock"));
	}

	private TxnRequest put(String value) {
		return new TxnRequest(List.of(), List.of(PutRequest.of(this.keys.key("k"), ByteSequence.of(value))), List.of());
	}

	private String value() {
		return this.client.kv().get(this.keys.name("k")).first().map((kv) -> kv.value().toUtf8()).orElse("none");
	}

	/** As another hand, or the end of its lease, does. */
	private void deleteKeyOf(ByteSequence owner) {
		this.client.kv().delete(DeleteRequest.of(KeyRange.key(owner)));
	}

	@Test
	void writesWhileTheLockIsHeld() {
		this.lock.lock();
		try {
			EtcdFence fence = this.lock.fence();

			TxnResult written = fence.commit(put("under the lock"));

			assertThat(written.succeeded()).isTrue();
			assertThat(written.revision()).isEqualTo(written.put(0).header().revision());
			assertThat(fence.token()).isEqualTo(this.lock.fencingToken());
			assertThat(value()).isEqualTo("under the lock");
		}
		finally {
			this.lock.unlock();
		}
	}

	@Test
	void tellsTheTransactionsOwnComparisonsFromTheFence() {
		this.lock.lock();
		try {
			TxnRequest txn = new TxnRequest(List.of(Compare.exists(this.keys.key("absent"))), List.of(),
					List.of(PutRequest.of(this.keys.key("k"), ByteSequence.of("otherwise"))));

			TxnResult written = this.lock.fence().commit(txn);

			assertThat(written.succeeded()).isFalse();
			assertThat(value()).isEqualTo("otherwise");
		}
		finally {
			this.lock.unlock();
		}
	}

	@Test
	void writesNothingOnceTheLockIsLost() {
		Ownership hold = this.lock.acquireAsync().join();
		EtcdFence fence = EtcdFence.of(this.client, hold);
		fence.commit(put("before"));
		deleteKeyOf(hold.key());

		assertThatExceptionOfType(LeaseLostException.class).isThrownBy(() -> fence.commit(put("after")));
		assertThat(fence.commitAsync(put("after"))).failsWithin(SOON)
			.withThrowableThat()
			.havingCause()
			.isInstanceOf(LeaseLostException.class);

		assertThat(value()).isEqualTo("before");
	}

	@Test
	void writesNothingUnderATokenThatIsOld() {
		Ownership first = this.lock.acquireAsync().join();
		EtcdFence old = EtcdFence.of(this.client, first);
		deleteKeyOf(first.key());
		assertThat(first.release()).isFalse();
		Ownership second = this.lock.acquireAsync().orTimeout(10, TimeUnit.SECONDS).join();
		EtcdFence.of(this.client, second).commit(put("new"));

		assertThatExceptionOfType(LeaseLostException.class).isThrownBy(() -> old.commit(put("old")));

		assertThat(second.token()).isGreaterThan(first.token());
		assertThat(value()).isEqualTo("new");
		assertThat(second.release()).isTrue();
	}

	@Test
	void writesNothingForALeaderThatHasResigned() {
		Leadership leadership = this.party.election(this.keys.name("election"))
			.campaignAsync(ByteSequence.of("me"))
			.join();
		EtcdFence fence = leadership.fence();
		fence.commit(put("leader"));
		leadership.resignAsync().join();

		assertThatExceptionOfType(LeaseLostException.class).isThrownBy(() -> fence.commit(put("resigned")));

		assertThat(value()).isEqualTo("leader");
	}

	@Test
	void locksForNoThreadInParticularAndExcludesThreads() {
		Ownership hold = this.lock.acquireAsync().join();

		assertThat(this.lock.tryLock()).isFalse();
		assertThat(this.lock.tryAcquireAsync()).succeedsWithin(SOON).isEqualTo(Optional.empty());
		CompletableFuture<Boolean> released = CompletableFuture.supplyAsync(hold::release);

		assertThat(released).succeedsWithin(SOON).isEqualTo(true);
		assertThat(hold.isHeld()).isFalse();
		assertThat(this.lock.tryLock()).isTrue();
		this.lock.unlock();
	}

	@Test
	void leavesTheQueueWhenItIsCancelled() {
		Ownership hold = this.lock.acquireAsync().join();
		CompletableFuture<Ownership> waiting = this.lock.acquireAsync();

		waiting.cancel(false);
		hold.release();

		assertThat(this.lock.acquireAsync()).succeedsWithin(SOON).satisfies((next) -> next.release());
	}

	@AfterEach
	void leavesNoKey() {
		this.party.session().close();
		assertThat(this.client.kv().get(KeyRange.prefix(this.keys.name("lock/"))).count()).isZero();
	}

}
