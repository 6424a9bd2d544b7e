/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.core;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import io.github.etcdspring.KeyRange;
import io.github.etcdspring.boot.test.cluster.EtcdClusterExtension;
import io.github.etcdspring.boot.test.cluster.EtcdctlProcess;
import io.github.etcdspring.lock.EtcdLock;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * One lock, contended for by this client and by etcdctl.
 */
// the lock itself is what is tested: it is not always given back
@SuppressWarnings("LockNotBeforeTry")
class EtcdLockInteropIntegrationTests {

	private static final Duration SOON = Duration.ofSeconds(10);

	@RegisterExtension
	static final EtcdClusterExtension etcd = EtcdClusterExtension.members(1);

	private final KeySpace keys = KeySpace.unique();

	private final String name = this.keys.name("lock");

	@AutoClose
	private final Party party = Party.join(etcd.cluster(), Duration.ofSeconds(10));

	@AutoClose("shutdownNow")
	private final ExecutorService threads = Executors.newCachedThreadPool();

	private long entries() {
		return this.party.client().kv().get(KeyRange.prefix(this.name + "/")).count();
	}

	@Test
	void waitsWhileEtcdctlHoldsTheLock() {
		try (EtcdctlProcess etcdctl = etcd.cluster().startEtcdctl("lock", this.name)) {
			String held = etcdctl.awaitOutput(this.name + "/", SOON);
			EtcdLock lock = this.party.lock(this.name);
			assertThat(lock.tryLock()).isFalse();
			CompletableFuture<Void> waiting = CompletableFuture.runAsync(lock::lock, this.threads);
			await().atMost(SOON).until(() -> entries() == 2);
			assertThat(waiting).isNotDone();
			assertThat(this.party.client().kv().get(held).count()).isEqualTo(1);

			etcdctl.interrupt();

			assertThat(waiting).succeedsWithin(SOON);
		}
	}

	@Test
	void makesEtcdctlWaitWhileItHoldsTheLock() {
		EtcdLock lock = this.party.lock(this.name);
		lock.lock();
		try (EtcdctlProcess etcdctl = etcd.cluster().startEtcdctl("lock", this.name)) {
			await().atMost(SOON).until(() -> entries() == 2);
			assertThat(etcdctl.output()).isEmpty();

			lock.unlock();

			assertThat(etcdctl.awaitOutput(this.name + "/", SOON)).startsWith(this.name + "/");
		}
	}

	@Test
	void isSeenUnderItsLeaseInHexadecimalWhenHeld() {
		this.party.lock(this.name).lock();

		assertThat(etcd.cluster().etcdctl("get", "--prefix", "--keys-only", this.name + "/").strip())
			.isEqualTo(this.name + "/" + Long.toHexString(this.party.lease().lease().value()));
	}

}
