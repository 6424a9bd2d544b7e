/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.docs;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.LeaseId;
import io.github.etcdspring.boot.test.cluster.EtcdClusterExtension;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.it.core.EtcdClients;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Runs {@link StmGuide}.
 */
class StmGuideIntegrationTests {

	@RegisterExtension
	static final EtcdClusterExtension etcd = EtcdClusterExtension.members(1);

	@AutoClose
	private final EtcdClient client = EtcdClients.connect(etcd.cluster());

	@BeforeEach
	void fill() {
		this.client.kv().put("a", "10");
		this.client.kv().put("b", "5");
	}

	private String value(String key) {
		return this.client.kv().get(key).first().orElseThrow().value().toUtf8();
	}

	@Test
	void transfers() {
		long revision = StmGuide.transfer(this.client, "a", "b", 3);

		assertThat(value("a")).isEqualTo("7");
		assertThat(value("b")).isEqualTo("8");
		assertThat(this.client.kv().get("a").first().orElseThrow().modRevision()).isEqualTo(revision);
	}

	@Test
	void writesNothingWhenThereIsNotEnough() {
		assertThatIllegalStateException().isThrownBy(() -> StmGuide.transfer(this.client, "a", "b", 11))
			.withMessage("not enough on a");

		assertThat(value("a")).isEqualTo("10");
	}

	@Test
	void readsWithinATransaction() {
		ByteSequence a = ByteSequence.of("a");
		ByteSequence none = ByteSequence.of("none");

		assertThat(StmGuide.snapshot(this.client, List.of(a, none))).containsOnlyKeys(a);
		assertThat(StmGuide.patient(this.client, a).run((txn) -> StmGuide.balance(txn, "a")).value()).isEqualTo(10);
	}

	@Test
	void registersOnce() {
		this.client.kv().put("vacant/n1", "");
		LeaseId lease = this.client.lease().grant(Duration.ofMinutes(1)).id();

		assertThat(StmGuide.register(this.client, lease, "n1", "host:1")).isTrue();
		assertThat(StmGuide.register(this.client, lease, "n1", "host:2")).isFalse();
		assertThat(value("nodes/n1")).isEqualTo("host:1");
		assertThat(this.client.kv().get("vacant/n1").count()).isZero();
	}

	@Test
	void addsWithoutWaiting() throws Exception {
		assertThat(StmGuide.addLater(this.client, "a", 5).get(10, TimeUnit.SECONDS)).isEqualTo(15);
		assertThat(value("a")).isEqualTo("15");
	}

	@Test
	void paysOnce() {
		this.client.kv().delete("receipts/1");

		assertThat(StmGuide.pay(this.client, "1", "a", 4)).isTrue();
		assertThat(StmGuide.pay(this.client, "1", "a", 4)).isFalse();
		assertThat(value("a")).isEqualTo("6");
	}

}
