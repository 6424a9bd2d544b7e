/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.docs;

import java.time.Duration;
import java.util.List;

import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.CompactedException;
import io.github.etcdspring.KeyRange;
import io.github.etcdspring.KeyValue;
import io.github.etcdspring.LeaseId;
import io.github.etcdspring.boot.test.cluster.EtcdClusterExtension;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.it.core.EtcdClients;
import io.github.etcdspring.kv.PutRequest;
import io.github.etcdspring.kv.RangeRequest;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Runs {@link KvGuide}, on three orders.
 */
class KvGuideIntegrationTests {

	private static final Duration SOON = Duration.ofSeconds(10);

	@RegisterExtension
	static final EtcdClusterExtension etcd = EtcdClusterExtension.members(1);

	@AutoClose
	private final EtcdClient client = EtcdClients.connect(etcd.cluster());

	private long revision;

	@BeforeEach
	void order() {
		KvGuide.deleteAll(this.client);
		for (String id : List.of("1", "3", "2")) {
			this.revision = this.client.kv().put("orders/" + id, "12345").revision();
		}
	}

	@Test
	void reads() {
		assertThat(KvGuide.lastChange(this.client)).map((kv) -> kv.key().toUtf8()).contains("orders/2");
		assertThat(KvGuide.lastChange(this.client)).map(KeyValue::value).contains(ByteSequence.EMPTY);
		assertThat(KvGuide.count(this.client)).isEqualTo(3);
		assertThat(KvGuide.readAgain(this.client, this.revision - 1).kvs()).extracting((kv) -> kv.key().toUtf8())
			.containsExactly("orders/1", "orders/3");
	}

	@Test
	void writes() {
		LeaseId lease = this.client.lease().grant(Duration.ofMinutes(1)).id();

		KvGuide.attach(this.client, "orders/1", lease);
		assertThat(KvGuide.replace(this.client, "orders/1", "new")).map((kv) -> kv.value().toUtf8()).contains("12345");

		KeyValue now = this.client.kv().get("orders/1").first().orElseThrow();
		assertThat(now.value().toUtf8()).isEqualTo("new");
		assertThat(now.lease()).isEqualTo(lease);
	}

	@Test
	void deletes() {
		assertThat(KvGuide.deleteAll(this.client)).isEqualTo(3);
	}

	@Test
	void runsTransactions() {
		this.client.kv().delete("owner");
		this.client.kv().delete("counter");

		assertThat(KvGuide.claim(this.client, "ann")).isEqualTo("ann");
		assertThat(KvGuide.claim(this.client, "bob")).isEqualTo("ann");
		assertThat(KvGuide.addOne(this.client, "counter")).isEqualTo(1);
		assertThat(KvGuide.addOne(this.client, "counter")).isEqualTo(2);
	}

	@Test
	void refusesToPutAKeyTwice() {
		PutRequest put = PutRequest.of("twice", "1");

		assertThatExceptionOfType(IllegalArgumentException.class)
			.isThrownBy(() -> this.client.kv().txn().then(put, put));
	}

	@Test
	void readsLargeRanges() {
		RangeRequest orders = RangeRequest.of(KeyRange.prefix("orders/"));

		assertThat(KvGuide.bytes(this.client)).isEqualTo(15);
		assertThat(KvGuide.countPages(this.client.kv(), orders)).succeedsWithin(SOON).isEqualTo(3L);
	}

	@Test
	void compacts() {
		KvGuide.forgetBefore(this.client, this.revision);

		assertThat(KvGuide.readAgain(this.client, this.revision).count()).isEqualTo(3);
		assertThatExceptionOfType(CompactedException.class)
			.isThrownBy(() -> KvGuide.readAgain(this.client, this.revision - 1));
	}

}
