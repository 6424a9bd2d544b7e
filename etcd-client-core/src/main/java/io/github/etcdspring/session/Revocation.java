/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.session;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import io.github.etcdspring.LeaseId;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.internal.BoundedWait;
import io.github.etcdspring.lease.LeaseGrant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The end of a session's leases at the server. Used by one thread.
 */
final class Revocation {

	private static final Duration TIMEOUT = Duration.ofSeconds(2);

	private static final Logger logger = LoggerFactory.getLogger(Revocation.class);

	private final EtcdClient client;

	private final LeaseId spared;

	private final List<CompletableFuture<?>> revoked = new ArrayList<>();

	/**
	 * Begins one.
	 * @param spared the lease that is left, {@link LeaseId#NONE} if none is
	 */
	Revocation(EtcdClient client, LeaseId spared) {
		this.client = client;
		this.spared = spared;
	}

	/** Revokes a lease, unless it is left. */
	void add(LeaseId lease) {
		this.revoked.add(revoke(lease));
	}

	/** Revokes a lease once it is granted, unless it is left. */
	void add(CompletableFuture<LeaseGrant> grant) {
		this.revoked.add(grant.thenCompose((granted) -> revoke(granted.id())));
	}

	private CompletableFuture<?> revoke(LeaseId lease) {
		return lease.equals(this.spared) ? CompletableFuture.completedFuture(null)
				: this.client.lease().revokeAsync(lease);
	}

	/**
	 * Waits until all are revoked, 2 s at most: what is not revoked then expires by
	 * itself. An interrupt does not end the wait: the client may be closed next.
	 */
	void await() {
		CompletableFuture<Void> all = CompletableFuture.allOf(this.revoked.toArray(CompletableFuture[]::new));
		if (!BoundedWait.await(all, this.client.ticker(), TIMEOUT)) {
			logger.debug("a lease was not revoked, it expires by itself");
		}
	}

}
