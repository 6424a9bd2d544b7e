/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.contract;

import io.github.etcdspring.CompactedException;
import io.github.etcdspring.EtcdRequestException;
import io.github.etcdspring.Outcome;
import io.github.etcdspring.StatusCode;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.it.core.KeySpace;
import io.github.etcdspring.kv.CompactRequest;
import io.github.etcdspring.kv.RangeRequest;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

@Contract
class KvCompactContractIntegrationTests {

	private final ContractServer server;

	private final KeySpace keys = KeySpace.unique();

	@AutoClose
	private final EtcdClient client;

	KvCompactContractIntegrationTests(ContractServer server) {
		this.server = server;
		this.client = server.connect();
	}

	private long put(String value) {
		return this.client.kv().put(this.keys.name("k"), value).revision();
	}

	private String readAt(long revision) {
		return this.client.kv()
			.get(RangeRequest.builder(this.keys.range()).revision(revision).build())
			.first()
			.orElseThrow()
			.value()
			.toUtf8();
	}

	@Test
	void refusesOlderRevisionWhenCompacted() {
		long first = put("1");
		long second = put("2");

		this.client.kv().compact(CompactRequest.of(second));

		assertThatExceptionOfType(CompactedException.class).isThrownBy(() -> readAt(first)).satisfies((ex) -> {
			assertThat(ex.code()).isEqualTo(StatusCode.OUT_OF_RANGE);
			assertThat(ex.serverMessage()).contains("etcdserver: mvcc: required revision has been compacted");
			assertThat(ex.isRetryable()).isFalse();
			this.server.assertOneAttempt(ex);
		});
	}

	@Test
	void readsCompactedRevisionItselfWhenCompacted() {
		put("1");
		long second = put("2");
		put("3");

		this.client.kv().compact(CompactRequest.of(second));

		assertThat(readAt(second)).isEqualTo("2");
	}

	@Test
	void refusesSecondTimeWhenCompactedAgain() {
		long revision = put("1");
		this.client.kv().compact(CompactRequest.of(revision));

		assertThatExceptionOfType(CompactedException.class)
			.isThrownBy(() -> this.client.kv().compact(CompactRequest.of(revision)))
			.satisfies((ex) -> assertThat(ex.outcome()).isEqualTo(Outcome.NOT_APPLIED));
	}

	@Test
	void refusesWhenRevisionIsNotReachedYet() {
		long revision = put("1");

		assertThatExceptionOfType(EtcdRequestException.class)
			.isThrownBy(() -> this.client.kv().compact(CompactRequest.of(revision + 1000)))
			.satisfies((ex) -> {
				assertThat(ex.code()).isEqualTo(StatusCode.OUT_OF_RANGE);
				assertThat(ex.outcome()).isEqualTo(Outcome.NOT_APPLIED);
			});
	}

	@Test
	void waitsForDiskWhenPhysical() {
		put("1");
		long second = put("2");

		assertThat(this.client.kv().compact(CompactRequest.of(second).withPhysical()).header().revision())
			.isGreaterThanOrEqualTo(second);
		assertThat(readAt(second)).isEqualTo("2");
	}

}
