/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.core;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.KeyRange;
import io.github.etcdspring.LeaseLostException;
import io.github.etcdspring.boot.test.cluster.EtcdClusterExtension;
import io.github.etcdspring.kv.Compare;
import io.github.etcdspring.kv.PutRequest;
import io.github.etcdspring.lock.EtcdLock;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Locks whose lease is lost, while they are held and while they are waited for (P4, P5).
 */
// the lock itself is what is tested: it is not always given back
@SuppressWarnings("LockNotBeforeTry")
class EtcdLockLossIntegrationTests {

	private static final Duration SOON = Duration.ofSeconds(10);

	private static final Duration TTL = Duration.ofSeconds(3);

	@RegisterExtension
	static final EtcdClusterExtension etcd = EtcdClusterExtension.members(1);

	private final KeySpace keys = KeySpace.unique();

	private final String name = this.keys.name("lock");

	@AutoClose
	private final Party first = Party.join(etcd.cluster(), TTL);

	@AutoClose
	private final Party second = Party.join(etcd.cluster(), TTL);

	@AutoClose("shutdownNow")
	private final ExecutorService threads = Executors.newCachedThreadPool();

	private long entries() {
		return this.second.client().kv().get(KeyRange.prefix(this.name + "/")).count();
	}

	private void revokeLeaseOf(Party party) {
		etcd.cluster().etcdctl("lease", "revoke", party.lease().lease().toString());
	}

	private boolean write(Party party, Compare guard) {
		PutRequest put = PutRequest.of(this.keys.key("fenced"), ByteSequence.of("x"));
		return party.client().kv().txn().when(guard).then(put).commit().succeeded();
	}

	@Test
	void refusesGuardedWriteWhenLockIsLost() {
		// P5
		EtcdLock lock = this.first.lock(this.name);
		lock.lock();
		Compare guard = lock.guard();
		assertThat(write(this.first, guard)).isTrue();

		revokeLeaseOf(this.first);

		assertThat(write(this.first, guard)).isFalse();
	}

	@Test
	void refusesGuardedWriteWhenNextHolderHasTheLock() {
		// P5
		EtcdLock lock = this.first.lock(this.name);
		lock.lock();
		Compare guard = lock.guard();
		lock.unlock();
		EtcdLock next = this.second.lock(this.name);
		next.lock();

		assertThat(write(this.first, guard)).isFalse();
		assertThat(write(this.second, next.guard())).isTrue();
	}

	@Test
	void isNoLongerHeldWhenLeaseIsRevoked() {
		EtcdLock lock = this.first.lock(this.name);
		lock.lock();
		assertThat(lock.isHeld()).isTrue();

		revokeLeaseOf(this.first);

		await().atMost(TTL).until(() -> !lock.isHeld());
		assertThat(lock.isHeldByCurrentThread()).isFalse();
		assertThatExceptionOfType(LeaseLostException.class).isThrownBy(lock::unlock)
			.withMessageContaining("was lost before it was given back");
	}

	@Test
	void removesNothingOfNextHolderWhenFormerOneUnlocks() {
		// L6
		EtcdLock lock = this.first.lock(this.name);
		lock.lock();
		revokeLeaseOf(this.first);
		EtcdLock next = this.second.lock(this.name);
		next.lock();

		assertThatExceptionOfType(LeaseLostException.class).isThrownBy(lock::unlock);

		assertThat(next.isHeld()).isTrue();
		assertThat(write(this.second, next.guard())).isTrue();
		next.unlock();
		assertThat(entries()).isZero();
	}

	@Test
	void saysLostWhenLockIsTakenAgainAfterTheLoss() {
		EtcdLock lock = this.first.lock(this.name);
		lock.lock();
		revokeLeaseOf(this.first);
		await().atMost(TTL).until(() -> !lock.isHeld());

		assertThatExceptionOfType(LeaseLostException.class).isThrownBy(lock::lock)
			.withMessageContaining("give it back first");

		assertThatExceptionOfType(LeaseLostException.class).isThrownBy(lock::unlock);
		lock.lock();
		assertThat(lock.isHeld()).isTrue();
	}

	@Test
	void throwsWhenLeaseIsRevokedWhileWaiting() {
		// L5
		EtcdLock held = this.first.lock(this.name);
		held.lock();
		CompletableFuture<Void> waiting = CompletableFuture.runAsync(() -> this.second.lock(this.name).lock(),
				this.threads);
		await().atMost(SOON).until(() -> entries() == 2);

		revokeLeaseOf(this.second);
		await().atMost(SOON).until(() -> entries() == 1);
		held.unlock();

		assertThat(waiting).failsWithin(SOON).withThrowableThat().havingCause().isInstanceOf(LeaseLostException.class);
		assertThat(entries()).isZero();
	}

	@Test
	void throwsWhenItsKeyIsDeletedWhileWaiting() {
		// L5: the key alone is gone, the lease lives
		EtcdLock held = this.first.lock(this.name);
		held.lock();
		CompletableFuture<Void> waiting = CompletableFuture.runAsync(() -> this.second.lock(this.name).lock(),
				this.threads);
		await().atMost(SOON).until(() -> entries() == 2);

		etcd.cluster().etcdctl("del", this.name + "/" + this.second.lease().lease());
		held.unlock();

		assertThat(waiting).failsWithin(SOON).withThrowableThat().havingCause().isInstanceOf(LeaseLostException.class);
		assertThat(this.second.session().lease()).isPresent();
	}

	@Test
	void goesToNextAtOnceWhenSessionOfHolderIsClosed() {
		Party holder = Party.join(etcd.cluster(), Duration.ofMinutes(1));
		holder.lock(this.name).lock();
		CompletableFuture<Void> waiting = CompletableFuture.runAsync(() -> this.second.lock(this.name).lock(),
				this.threads);
		await().atMost(SOON).until(() -> entries() == 2);

		holder.close();

		assertThat(waiting).succeedsWithin(Duration.ofSeconds(2));
	}

	@Test
	void goesToNextWithinTtlWhenHolderDies() {
		Party holder = Party.join(etcd.cluster(), TTL);
		holder.lock(this.name).lock();
		CompletableFuture<Void> waiting = CompletableFuture.runAsync(() -> this.second.lock(this.name).lock(),
				this.threads);
		await().atMost(SOON).until(() -> entries() == 2);

		holder.die();

		// P5, L-R3: TTL + 1.5 s, and what a busy machine adds
		assertThat(waiting).succeedsWithin(TTL.plusSeconds(3));
	}

	@Test
	void tellsLossToHolderOfOwnershipWhenLeaseIsRevoked() {
		EtcdLock lock = this.first.lock(this.name);
		lock.lock();
		CompletableFuture<Object> lost = new CompletableFuture<>();
		lock.ownership().lost().thenAccept(lost::complete);

		revokeLeaseOf(this.first);

		assertThat(lost).succeedsWithin(TTL.plusSeconds(1)).hasToString("NOT_FOUND");
	}

}
