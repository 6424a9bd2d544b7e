/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.core;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.EtcdUnavailableException;
import io.github.etcdspring.KeyRange;
import io.github.etcdspring.LeaseId;
import io.github.etcdspring.Outcome;
import io.github.etcdspring.boot.test.cluster.EtcdClusterExtension;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.it.core.fault.TcpProxy;
import io.github.etcdspring.service.LockRequest;
import io.github.etcdspring.service.LockResult;
import io.github.etcdspring.service.LockService;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Locks that the server runs, over a connection that breaks.
 */
class LockServiceIntegrationTests {

	private static final Duration SOON = Duration.ofSeconds(10);

	@RegisterExtension
	static final EtcdClusterExtension etcd = EtcdClusterExtension.members(1);

	private final KeySpace keys = KeySpace.unique();

	private final String name = this.keys.name("lock");

	@AutoClose
	private final EtcdClient client = EtcdClients.connect(etcd.cluster());

	private final LockService locks = this.client.lockService();

	private LeaseId lease() {
		return this.client.lease().grant(Duration.ofSeconds(60)).id();
	}

	private LockResult lock(LeaseId lease) {
		return this.locks.lock(LockRequest.of(this.name, lease, SOON));
	}

	private long entries() {
		return this.client.kv().get(KeyRange.prefix(this.name + "/")).count();
	}

	private void awaitEntries(int number) {
		await().atMost(SOON).pollInterval(Duration.ofMillis(10)).until(() -> entries() == number);
	}

	@Test
	void isNotOwnerLaterWhenConnectionBreaks() {
		ByteSequence key = lock(lease()).key();
		try (TcpProxy proxy = TcpProxy.to(etcd.cluster().member(0).clientPort());
				EtcdClient far = EtcdClient.create(proxy.endpoint())) {
			CompletableFuture<LockResult> waiting = far.lockService()
				.lockAsync(LockRequest.of(this.name, lease(), Duration.ofMinutes(1)));
			awaitEntries(2);

			proxy.cut();

			assertThat(waiting).failsWithin(SOON)
				.withThrowableThat()
				.havingCause()
				.isInstanceOfSatisfying(EtcdUnavailableException.class,
						(ex) -> assertThat(ex.outcome()).isEqualTo(Outcome.UNKNOWN));
		}
		awaitEntries(1);
		this.locks.unlock(key);
		assertThat(entries()).isZero();
	}

}
