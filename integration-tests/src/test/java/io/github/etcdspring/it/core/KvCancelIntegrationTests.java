/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.core;

import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;

import io.github.etcdspring.EtcdCancelledException;
import io.github.etcdspring.boot.test.cluster.EtcdClusterExtension;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.kv.RangeResult;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Calls that a member does not answer, and nobody waits for any more.
 */
class KvCancelIntegrationTests {

	@RegisterExtension
	static final EtcdClusterExtension etcd = EtcdClusterExtension.members(1);

	private final KeySpace keys = KeySpace.unique();

	@AutoClose
	private final EtcdClient client = EtcdClients.connect(etcd.cluster());

	@Test
	void throwsCancelledAndKeepsFlagWhenThreadIsInterrupted() {
		etcd.cluster().member(0).pause();
		Thread.currentThread().interrupt();

		assertThatExceptionOfType(EtcdCancelledException.class)
			.isThrownBy(() -> this.client.kv().get(this.keys.name("k")));
		assertThat(Thread.interrupted()).isTrue();
	}

	@Test
	void cancelsCallWhenFutureIsCancelled() {
		etcd.cluster().member(0).pause();
		CompletableFuture<RangeResult> call = this.client.kv().getAsync(this.keys.name("k"));

		call.cancel(true);

		assertThatExceptionOfType(CancellationException.class).isThrownBy(call::join);
	}

}
