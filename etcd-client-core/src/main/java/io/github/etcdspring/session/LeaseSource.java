/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.session;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

import io.github.etcdspring.LeaseId;
import io.github.etcdspring.LeaseNotFoundException;
import io.github.etcdspring.lease.LeaseClient;
import io.github.etcdspring.lease.LeaseGrant;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where a session has its leases from: first the one that it adopts, if there is one,
 * then new ones. Used for one try after the other.
 */
final class LeaseSource {

	private static final Logger logger = LoggerFactory.getLogger(LeaseSource.class);

	private final LeaseClient client;

	private final Duration ttl;

	/** Until it is taken over, or found to be gone. */
	private volatile @Nullable LeaseId adopted;

	LeaseSource(LeaseClient client, Duration ttl, @Nullable LeaseId adopted) {
		this.client = client;
		this.ttl = ttl;
		this.adopted = adopted;
	}

	/** Returns the lease that is still to be adopted. */
	Optional<LeaseId> adopted() {
		return Optional.ofNullable(this.adopted);
	}

	/** Tries to get a lease. */
	CompletableFuture<LeaseGrant> next() {
		LeaseId adopted = this.adopted;
		if (adopted == null) {
			return this.client.grantAsync(this.ttl);
		}
		CompletableFuture<LeaseGrant> next = new CompletableFuture<>();
		this.client.keepAliveOnceAsync(adopted).whenComplete((renewed, failure) -> {
			if (failure instanceof LeaseNotFoundException) {
				logger.info("lease {} is gone, granting another", adopted);
				this.adopted = null;
				this.client.grantAsync(this.ttl).whenComplete((granted, refusal) -> pass(granted, refusal, next));
			}
			else {
				this.adopted = (failure == null) ? null : adopted;
				pass(renewed, failure, next);
			}
		});
		return next;
	}

	private static void pass(@Nullable LeaseGrant grant, @Nullable Throwable failure,
			CompletableFuture<LeaseGrant> next) {
		if (failure != null) {
			next.completeExceptionally(failure);
		}
		else {
			next.complete(grant);
		}
	}

}
