/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.docs;

import java.time.Duration;

import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.EtcdNoSpaceException;
import io.github.etcdspring.EtcdTimeoutException;
import io.github.etcdspring.EtcdUnavailableException;
import io.github.etcdspring.KeyRange;
import io.github.etcdspring.LeaseId;
import io.github.etcdspring.Outcome;
import io.github.etcdspring.boot.test.cluster.EtcdCluster;
import io.github.etcdspring.boot.test.cluster.EtcdClusterExtension;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.it.core.EtcdClients;
import io.github.etcdspring.kv.PutRequest;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Runs {@link ErrorsGuide}, on a member with little space.
 */
class ErrorsGuideIntegrationTests {

	@RegisterExtension
	static final EtcdClusterExtension etcd = EtcdClusterExtension
		.of(EtcdCluster.builder().serverArguments("--quota-backend-bytes=4194304"));

	@AutoClose
	private final EtcdClient client = EtcdClients.connect(etcd.cluster());

	private final EtcdClient impatient = this.client.withTimeout(Duration.ofMillis(200));

	@Test
	void tellsErrorsApart() {
		assertThat(ErrorsGuide.grant(this.client, new LeaseId(7))).isTrue();
		assertThat(ErrorsGuide.grant(this.client, new LeaseId(7))).isFalse();
	}

	@Test
	void tellsOutcomes() {
		assertThat(ErrorsGuide.put(this.client, "k", "v")).startsWith("written at ");

		etcd.cluster().pause();
		assertThat(ErrorsGuide.put(this.impatient, "k", "v")).isEqualTo("perhaps written");
		assertThatExceptionOfType(EtcdTimeoutException.class).isThrownBy(() -> this.impatient.kv().get("k"))
			.withMessageContaining("Range failed: no answer within 200 ms");
		etcd.cluster().resume();
	}

	@Test
	void saysWhyNoMemberCanBeReached() {
		etcd.cluster().kill();
		try (EtcdClient lost = EtcdClients.connect(etcd.cluster(), Duration.ofMillis(500))) {
			assertThat(ErrorsGuide.put(lost, "k", "v")).isEqualTo("not written");
			assertThatExceptionOfType(EtcdUnavailableException.class).isThrownBy(() -> lost.kv().put("k", "v"))
				.withMessageStartingWith(
						"Put failed: no member could be reached within 500 ms at " + etcd.cluster().endpoints())
				.withMessageContaining("Connection refused")
				.satisfies((failure) -> assertThat(failure.outcome()).isEqualTo(Outcome.NOT_APPLIED));
		}
		etcd.cluster().restart();
	}

	@Test
	void addsOnceThoughCalledTwice() {
		ErrorsGuide.add(this.client, "1", "first");
		ErrorsGuide.add(this.client, "1", "second");

		assertThat(this.client.kv().get("orders/1").first().orElseThrow().value().toUtf8()).isEqualTo("first");
	}

	@Test
	void makesSpace() {
		PutRequest large = PutRequest.of(ByteSequence.of("rubbish/1"), ByteSequence.copyOf(new byte[512 * 1024]));
		assertThatExceptionOfType(EtcdNoSpaceException.class).isThrownBy(() -> {
			for (int i = 0; i < 100; i++) {
				this.client.kv().put(large);
			}
		});

		ErrorsGuide.makeSpace(this.client, KeyRange.prefix("rubbish/"), etcd.cluster().endpoints());

		assertThat(this.client.kv().put(large).revision()).isPositive();
	}

}
