/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import io.github.etcdspring.lease.LeaseGrant;
import io.grpc.SynchronizationContext;

/**
 * Renews leases each by a call of its own. etcd ends the whole stream when it refuses to
 * renew one lease, and does not say which: those that were under way then are renewed
 * here, where a refusal harms no other. Confined to the stream's context.
 */
final class LoneRenewals {

	/** So many are under way at a time; the others wait. */
	private static final int AT_A_TIME = 64;

	private final Calls calls;

	private final SynchronizationContext context;

	private final Owner owner;

	private final Deque<LeaseKeeper> waiting = new ArrayDeque<>();

	private final Map<LeaseKeeper, CompletableFuture<LeaseGrant>> underWay = new HashMap<>();

	LoneRenewals(Calls calls, SynchronizationContext context, Owner owner) {
		this.calls = calls.withRequireLeader();
		this.context = context;
		this.owner = owner;
	}

	/** Renews a lease, once. */
	void begin(LeaseKeeper keeper) {
		this.waiting.add(keeper);
		beginNext();
	}

	private void beginNext() {
		while (this.underWay.size() < AT_A_TIME && !this.waiting.isEmpty()) {
			LeaseKeeper keeper = this.waiting.remove();
			Duration remaining = keeper.remaining();
			// one that is over is about to be forgotten
			if (!remaining.isZero()) {
				CompletableFuture<LeaseGrant> renewal = GrpcLeaseClient
					.renewal(this.calls.withTimeout(remaining), keeper.lease())
					.withPatience(LeaseKeeper.patience(keeper.ttl()))
					.start();
				this.underWay.put(keeper, renewal);
				renewal.whenComplete((renewed, failure) -> this.context.execute(() -> ended(keeper, renewed, failure)));
			}
		}
	}

	private void ended(LeaseKeeper keeper, LeaseGrant renewed, Throwable failure) {
		if (this.underWay.remove(keeper) == null) {
			return;
		}
		if (failure == null) {
			this.owner.renewed(keeper, renewed);
		}
		else {
			this.owner.notRenewed(keeper, failure);
		}
		beginNext();
	}

	/** Gives a renewal up. */
	void forget(LeaseKeeper keeper) {
		this.waiting.remove(keeper);
		CompletableFuture<LeaseGrant> renewal = this.underWay.remove(keeper);
		if (renewal != null) {
			renewal.cancel(true);
			beginNext();
		}
	}

	/** Who asks for renewals; called on the context. */
	interface Owner {

		/** A lease was renewed, or is found not to exist: its TTL is not above 0 then. */
		void renewed(LeaseKeeper keeper, LeaseGrant renewed);

		/** A lease could not be renewed. */
		void notRenewed(LeaseKeeper keeper, Throwable failure);

	}

}
