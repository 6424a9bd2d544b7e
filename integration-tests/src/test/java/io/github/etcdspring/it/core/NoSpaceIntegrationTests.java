/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.core;

import java.time.Duration;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.EtcdError;
import io.github.etcdspring.EtcdException;
import io.github.etcdspring.EtcdNoSpaceException;
import io.github.etcdspring.KeyRange;
import io.github.etcdspring.Outcome;
import io.github.etcdspring.StatusCode;
import io.github.etcdspring.boot.test.cluster.EtcdCluster;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.kv.PutRequest;
import io.github.etcdspring.kv.PutResult;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Writes to a cluster whose space is used up: until the alarm is seen, etcd applies a
 * write and refuses it all the same.
 */
@EachVersion
class NoSpaceIntegrationTests {

	private static final Duration PATIENT = Duration.ofMinutes(1);

	@SuppressWarnings("NullAway.Init")
	private static EtcdCluster cluster;

	@SuppressWarnings("NullAway.Init")
	private static Party party;

	@AutoClose
	private final EtcdClient client = EtcdClients.connect(cluster);

	NoSpaceIntegrationTests(String version) {
		assertThat(cluster.version()).startsWith(version + ".");
	}

	@BeforeParameterizedClassInvocation
	static void start(String version) {
		cluster = EtcdCluster.builder().serverArguments("--quota-backend-bytes=4194304").version(version).start();
		// while there is space for a lease
		party = Party.join(cluster, PATIENT);
	}

	@AfterParameterizedClassInvocation
	static void close() {
		party.close();
		cluster.close();
	}

	@Test
	void p1SaysUnknownOfWritesThatMayBeAppliedThoughTheyAreRefused() {
		fill();

		assertThatExceptionOfType(EtcdNoSpaceException.class).isThrownBy(() -> this.client.kv().put("more", "1"))
			.satisfies((failure) -> {
				assertThat(failure.error()).contains(EtcdError.NO_SPACE);
				assertThat(failure.code()).isEqualTo(StatusCode.RESOURCE_EXHAUSTED);
				assertThat(failure.outcome()).isEqualTo(Outcome.UNKNOWN);
				assertThat(failure.isRetryable()).isFalse();
				assertThat(failure.attempts()).isEqualTo(1);
			});
	}

	@Test
	void failsToLockInsteadOfWaitingForSpace() {
		fill();

		assertThatExceptionOfType(EtcdNoSpaceException.class).isThrownBy(() -> party.lock("lock").lock())
			.withMessageContaining("database space exceeded");

		assertThat(this.client.kv().get(KeyRange.prefix("lock/")).kvs()).isEmpty();
	}

	/**
	 * Until writes are refused. Each says the truth: none that exists was not applied.
	 */
	private void fill() {
		ByteSequence value = ByteSequence.copyOf(new byte[64 * 1024]);
		Set<Outcome> outcomes = EnumSet.noneOf(Outcome.class);
		for (int round = 0; outcomes.isEmpty(); round++) {
			assertThat(round).as("rounds of 20 writes without a refusal").isLessThan(50);
			Map<String, CompletableFuture<PutResult>> writes = new HashMap<>();
			for (int i = 0; i < 20; i++) {
				String key = "fill" + round + "-" + i;
				writes.put(key, this.client.kv().putAsync(PutRequest.of(ByteSequence.of(key), value)));
			}
			writes.forEach((key, write) -> outcomeOf(write).ifPresent((outcome) -> {
				outcomes.add(outcome);
				assertThat(outcome == Outcome.UNKNOWN || this.client.kv().get(key).count() == 0).as(key).isTrue();
			}));
		}
	}

	private static Optional<Outcome> outcomeOf(CompletableFuture<PutResult> write) {
		return write.handle((done, failure) -> Optional.ofNullable((EtcdException) failure).map(EtcdException::outcome))
			.join();
	}

}
