/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.contract;

import java.time.Duration;

import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.KeyRange;
import io.github.etcdspring.LeaseId;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.it.core.KeySpace;
import io.github.etcdspring.kv.PutRequest;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The same keys, seen by this client and by etcdctl.
 */
@Contract
class KvInteropContractIntegrationTests {

	private final ContractServer server;

	private final KeySpace keys = KeySpace.unique();

	@AutoClose
	private final EtcdClient client;

	KvInteropContractIntegrationTests(ContractServer server) {
		this.server = server;
		this.client = server.connect();
	}

	@Test
	void readsWhatEtcdctlWrote() {
		this.server.etcdctl("put", this.keys.name("k"), "hello");

		assertThat(this.client.kv().get(this.keys.name("k")).first().orElseThrow().value().toUtf8()).isEqualTo("hello");
	}

	@Test
	void writesWhatEtcdctlReads() {
		this.client.kv().put(this.keys.name("k"), "grüße");

		assertThat(this.server.etcdctl("get", this.keys.name("k")).lines()).containsExactly(this.keys.name("k"),
				"grüße");
	}

	@Test
	void deletesWhatEtcdctlMisses() {
		this.client.kv().put(this.keys.name("k"), "1");

		this.client.kv().delete(this.keys.name("k"));

		assertThat(this.server.etcdctl("get", this.keys.name("k"))).isEmpty();
	}

	@Test
	void prefixEndsWhereThatOfEtcdctlDoes() {
		this.client.kv().put(this.keys.name("a/1"), "in");
		this.client.kv().put(this.keys.name("a0"), "out");
		ByteSequence highest = this.keys.key("a/").concat(ByteSequence.copyOf(new byte[] { (byte) 0xff, (byte) 0xff }));
		this.client.kv().put(PutRequest.of(highest, ByteSequence.of("in")));

		long ours = this.client.kv().get(KeyRange.prefix(this.keys.key("a/"))).count();

		assertThat(ours).isEqualTo(2);
		assertThat(this.server.etcdctl("get", "--prefix", "--keys-only", this.keys.name("a/")).lines())
			.filteredOn((line) -> !line.isEmpty())
			.hasSize(2);
	}

	@Test
	void writesLeaseIdTheWayEtcdctlDoes() {
		LeaseId lease = this.client.lease().grant(Duration.ofMinutes(1)).id();
		this.client.kv().put(PutRequest.of(this.keys.key("k"), ByteSequence.EMPTY).withLease(lease));

		assertThat(this.server.etcdctl("lease", "timetolive", lease.toString(), "--keys"))
			.contains("granted with TTL(60s)", this.keys.name("k"));
	}

}
