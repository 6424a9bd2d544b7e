/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.boot.health;

import java.time.Duration;

import io.github.etcdspring.boot.SilentServer;
import io.github.etcdspring.client.ConnectionState;
import io.github.etcdspring.client.EtcdClient;
import org.junit.jupiter.api.Test;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeout;

class EtcdHealthIndicatorTests {

	@Test
	void isDownAfterOneSecondWhenEtcdIsSilent() {
		try (SilentServer server = SilentServer.start(); EtcdClient client = EtcdClient.create(server.endpoint())) {
			EtcdHealthIndicator indicator = new EtcdHealthIndicator(client);

			Health health = assertTimeout(Duration.ofSeconds(8), () -> indicator.health());

			assertThat(health.getStatus()).isEqualTo(Status.DOWN);
			assertThat(health.getDetails()).containsEntry("error", "no answer within 1000 ms")
				.containsKey("connection");
		}
	}

	@Test
	void staysInterruptedWhenItIsInterrupted() {
		try (SilentServer server = SilentServer.start(); EtcdClient client = EtcdClient.create(server.endpoint())) {
			Thread.currentThread().interrupt();

			Health health = new EtcdHealthIndicator(client).health();

			assertThat(Thread.interrupted()).isTrue();
			assertThat(health.getStatus()).isEqualTo(Status.DOWN);
		}
	}

	@Test
	void isDownWhenClientIsClosed() {
		EtcdClient client = EtcdClient.create("http://127.0.0.1:1");
		client.close();

		Health health = new EtcdHealthIndicator(client).health();

		assertThat(health.getStatus()).isEqualTo(Status.DOWN);
		assertThat(health.getDetails()).containsEntry("connection", ConnectionState.CLOSED);
	}

}
