/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.boot.health;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import io.github.etcdspring.EtcdPermissionException;
import io.github.etcdspring.KeyRange;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.kv.RangeRequest;
import io.github.etcdspring.kv.RangeResult;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;

/**
 * Whether the cluster answers: one linearizable read that counts a key which need not
 * exist, so that a quorum must be there; an answer that the user may not read it is one
 * too. Takes a second at most.
 */
final class EtcdHealthIndicator extends AbstractHealthIndicator {

	private static final Duration TIMEOUT = Duration.ofSeconds(1);

	private static final RangeRequest PROBE = RangeRequest.builder(KeyRange.key("health")).countOnly().build();

	private final EtcdClient client;

	EtcdHealthIndicator(EtcdClient client) {
		super("etcd health check failed");
		this.client = client;
	}

	@Override
	protected void doHealthCheck(Health.Builder builder) {
		builder.withDetail("connection", this.client.connectionState());
		CompletableFuture<RangeResult> probe = this.client.kv().getAsync(PROBE);
		try {
			RangeResult answer = probe.get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
			builder.up().withDetail("revision", answer.revision());
		}
		catch (TimeoutException ex) {
			builder.down().withDetail("error", "no answer within " + TIMEOUT.toMillis() + " ms");
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			builder.down().withDetail("error", "interrupted");
		}
		catch (ExecutionException ex) {
			Throwable cause = (ex.getCause() != null) ? ex.getCause() : ex;
			if (cause instanceof EtcdPermissionException) {
				builder.up();
			}
			else {
				builder.down(cause);
			}
		}
		finally {
			probe.cancel(true);
		}
	}

}
