/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.contract;

import java.util.stream.IntStream;

import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.EtcdClosedException;
import io.github.etcdspring.EtcdException;
import io.github.etcdspring.EtcdRequestException;
import io.github.etcdspring.LeaseId;
import io.github.etcdspring.LeaseNotFoundException;
import io.github.etcdspring.Outcome;
import io.github.etcdspring.StatusCode;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.it.core.KeySpace;
import io.github.etcdspring.kv.PutRequest;
import io.github.etcdspring.kv.RangeRequest;
import io.github.etcdspring.kv.TxnOperation;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What a refused call says: type, code, outcome, and the server's own words (P1, C2).
 */
@Contract
class KvFailureContractIntegrationTests {

	private final ContractServer server;

	private final KeySpace keys = KeySpace.unique();

	@AutoClose
	private final EtcdClient client;

	KvFailureContractIntegrationTests(ContractServer server) {
		this.server = server;
		this.client = server.connect();
	}

	/** Some of the values are large. */
	@AfterEach
	void deleteKeys() {
		this.server.forget(this.keys.range());
	}

	private PutRequest put(String name, ByteSequence value) {
		return PutRequest.of(this.keys.key(name), value);
	}

	private static ByteSequence zeros(int bytes) {
		return ByteSequence.copyOf(new byte[bytes]);
	}

	private void assertRefused(EtcdException failure, StatusCode code, String message) {
		assertThat(failure.code()).isEqualTo(code);
		assertThat(failure.outcome()).isEqualTo(Outcome.NOT_APPLIED);
		assertThat(failure.isRetryable()).isFalse();
		this.server.assertOneAttempt(failure);
		assertThat(failure.serverMessage()).hasValueSatisfying((text) -> assertThat(text).contains(message));
		assertThat(failure.endpoint()).hasValueSatisfying((endpoint) -> assertThat(this.server.cluster().endpoints())
			.anyMatch((member) -> member.endsWith("//" + endpoint)));
	}

	@ParameterizedTest
	@CsvSource({ "true, false", "false, true", "true, true" })
	void refusesPutThatKeepsSomethingWhenKeyDoesNotExist(boolean value, boolean lease) {
		ByteSequence key = this.keys.key("k");
		PutRequest put = value ? PutRequest.keepingValue(key) : PutRequest.of(key, ByteSequence.EMPTY);

		assertThatExceptionOfType(EtcdRequestException.class)
			.isThrownBy(() -> this.client.kv().put(lease ? put.keepingLease() : put))
			.satisfies((ex) -> assertRefused(ex, StatusCode.INVALID_ARGUMENT, "key not found"));

		assertThat(this.client.kv().get(this.keys.range()).count()).isZero();
	}

	@Test
	void refusesTransactionWhenItHasTooManyOperations() {
		TxnOperation[] operations = IntStream.range(0, 129)
			.mapToObj((i) -> put("k" + i, ByteSequence.EMPTY))
			.toArray(TxnOperation[]::new);

		assertThatExceptionOfType(EtcdRequestException.class)
			.isThrownBy(() -> this.client.kv().txn().then(operations).commit())
			.satisfies((ex) -> assertRefused(ex, StatusCode.INVALID_ARGUMENT, "too many operations"));
	}

	@Test
	void commitsTransactionWhenItHasAsManyOperationsAsAllowed() {
		TxnOperation[] operations = IntStream.range(0, 128)
			.mapToObj((i) -> put("k" + i, ByteSequence.EMPTY))
			.toArray(TxnOperation[]::new);

		assertThat(this.client.kv().txn().then(operations).commit().results()).hasSize(128);
	}

	@Test
	void refusesPutWhenItIsTooLarge() {
		assertThatExceptionOfType(EtcdRequestException.class)
			.isThrownBy(() -> this.client.kv().put(put("k", zeros(1_600_000))))
			.satisfies((ex) -> assertRefused(ex, StatusCode.INVALID_ARGUMENT, "request is too large"));
	}

	@Test
	void refusesPutWhenItIsLargerThanMessagesMayBe() {
		assertThatExceptionOfType(EtcdRequestException.class)
			.isThrownBy(() -> this.client.kv().put(put("k", zeros(3_000_000))))
			.satisfies((ex) -> {
				assertThat(ex.code()).isEqualTo(StatusCode.RESOURCE_EXHAUSTED);
				assertThat(ex.outcome()).isEqualTo(Outcome.NOT_APPLIED);
			});
	}

	@Test
	void refusesPutWhenLeaseIsUnknown() {
		assertThatExceptionOfType(LeaseNotFoundException.class)
			.isThrownBy(() -> this.client.kv().put(put("k", ByteSequence.EMPTY).withLease(new LeaseId(4711))))
			.satisfies((ex) -> assertRefused(ex, StatusCode.NOT_FOUND, "requested lease not found"));

		assertThat(this.client.kv().get(this.keys.range()).count()).isZero();
	}

	@Test
	void refusesReadWhenRevisionIsNotReachedYet() {
		long revision = this.client.kv().get(this.keys.range()).revision();

		assertThatExceptionOfType(EtcdRequestException.class).isThrownBy(
				() -> this.client.kv().get(RangeRequest.builder(this.keys.range()).revision(revision + 1000).build()))
			.satisfies((ex) -> {
				assertThat(ex.code()).isEqualTo(StatusCode.OUT_OF_RANGE);
				// a member that lags behind may reach it
				assertThat(ex.isRetryable()).isTrue();
			});
	}

	@Test
	void saysAnswerIsTooLargeWhenItExceedsTheLimit() {
		for (int i = 0; i < 17; i++) {
			this.client.kv().put(put("k" + i, zeros(1_000_000)));
		}

		assertThatExceptionOfType(EtcdRequestException.class).isThrownBy(() -> this.client.kv().get(this.keys.range()))
			.satisfies((ex) -> assertThat(ex.code()).isEqualTo(StatusCode.RESOURCE_EXHAUSTED));
	}

	@Test
	void keepsTheValueOutOfTheMessageWhenPutIsRefused() {
		assertThatExceptionOfType(LeaseNotFoundException.class)
			.isThrownBy(
					() -> this.client.kv().put(put("k", ByteSequence.of("S3CR3T-value")).withLease(new LeaseId(4711))))
			.satisfies((ex) -> assertThat(ex.toString()).doesNotContain("S3CR3T"));
	}

	@Test
	void refusesWhenClientIsClosed() {
		this.client.close();

		assertThatExceptionOfType(EtcdClosedException.class).isThrownBy(() -> this.client.kv().get(this.keys.name("k")))
			.satisfies((ex) -> assertThat(ex.outcome()).isEqualTo(Outcome.NOT_APPLIED));
	}

}
