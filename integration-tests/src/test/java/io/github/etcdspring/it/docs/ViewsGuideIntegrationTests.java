/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.docs;

import java.util.concurrent.atomic.AtomicInteger;

import io.github.etcdspring.WrongClusterException;
import io.github.etcdspring.boot.test.cluster.EtcdClusterExtension;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.it.core.EtcdClients;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Runs {@link ViewsGuide}.
 */
class ViewsGuideIntegrationTests {

	@RegisterExtension
	static final EtcdClusterExtension etcd = EtcdClusterExtension.members(1);

	@AutoClose
	private final EtcdClient client = EtcdClients.connect(etcd.cluster());

	@Test
	void readsWhatWasWritten() {
		this.client.kv().put("key", "value");

		assertThat(ViewsGuide.readQuickly(this.client, "key").count()).isEqualTo(1);
		assertThat(ViewsGuide.readNearby(this.client, "key").count()).isEqualTo(1);
	}

	@Test
	void putsBelowAPrefix() {
		ViewsGuide.putBelow(this.client, "app/", "key", "value");

		assertThat(this.client.kv().get("app/key").count()).isEqualTo(1);
		assertThat(this.client.withNamespace("app/").kv().get("key").first().orElseThrow().key().toUtf8())
			.isEqualTo("key");
	}

	@Test
	void talksToOneClusterOnly() {
		AtomicInteger resets = new AtomicInteger();
		long cluster = this.client.kv().get("key").header().clusterId();

		try (EtcdClient same = ViewsGuide.connect(etcd.cluster().endpoints(), cluster, resets::incrementAndGet)) {
			assertThat(same.kv().put("key", "value").header().clusterId()).isEqualTo(cluster);
		}
		try (EtcdClient other = ViewsGuide.connect(etcd.cluster().endpoints(), cluster + 1, resets::incrementAndGet)) {
			assertThatExceptionOfType(WrongClusterException.class).isThrownBy(() -> other.kv().put("key", "value"))
				.satisfies((failure) -> assertThat(failure.clusterId()).isEqualTo(cluster));
		}
		assertThat(resets).hasValue(0);
	}

}
