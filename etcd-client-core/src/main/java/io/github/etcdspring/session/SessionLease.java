/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.session;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;

import io.github.etcdspring.Backoff;
import io.github.etcdspring.EtcdClosedException;
import io.github.etcdspring.LeaseId;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.internal.OwnSteps;
import io.github.etcdspring.lease.KeepAlive;
import io.github.etcdspring.lease.LeaseEnd;
import io.github.etcdspring.lease.LeaseGrant;
import io.github.etcdspring.session.LeaseWaiters.Waiter;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The lease of one session: granted, kept alive, and granted anew after a loss, until the
 * end. Thread-safe.
 */
final class SessionLease {

	private static final Backoff BACKOFF = new Backoff(Duration.ofMillis(100), 2, Duration.ofSeconds(1), 0.5);

	private static final Logger logger = LoggerFactory.getLogger(Session.class);

	/** The view for the library's own steps. */
	private final EtcdClient client;

	private final LeaseSource source;

	/** Told of each lease and each loss. */
	private final SessionListener listener;

	private final LeaseWaiters waiters;

	private final AbandonedLeases abandoned = new AbandonedLeases();

	/** Guards the fields below; never held while anything waits or user code runs. */
	private final ReentrantLock lock = new ReentrantLock();

	private SessionState state = SessionState.PENDING;

	private @Nullable KeepAlive lease;

	/** The last try at granting a lease. Read without the lock only after the end. */
	private volatile CompletableFuture<LeaseGrant> attempt = new CompletableFuture<>();

	private int failures;

	SessionLease(EtcdClient client, LeaseSource source, SessionListener listener) {
		this.client = client;
		this.source = source;
		this.listener = listener;
		this.waiters = new LeaseWaiters(client.callbackExecutor());
	}

	/** Returns where the session is in its life. */
	SessionState state() {
		this.lock.lock();
		try {
			boolean dead = this.state == SessionState.ACTIVE && this.lease != null && !this.lease.isAlive();
			return dead ? SessionState.PENDING : this.state;
		}
		finally {
			this.lock.unlock();
		}
	}

	/** Returns the lease, if it can be relied on. */
	Optional<KeepAlive> lease() {
		this.lock.lock();
		try {
			return Optional.ofNullable(this.lease).filter(KeepAlive::isAlive);
		}
		finally {
			this.lock.unlock();
		}
	}

	/** Returns the lease that would stand after an end without a revocation. */
	Optional<LeaseId> left() {
		return lease().map(KeepAlive::lease).or(this.source::adopted);
	}

	/**
	 * Waits for a lease.
	 * @param patient whether for more than one try at granting it
	 */
	CompletableFuture<KeepAlive> await(boolean patient) {
		this.lock.lock();
		try {
			if (this.state == SessionState.CLOSED) {
				return CompletableFuture.failedFuture(LeaseWaiters.sessionClosed());
			}
			boolean alive = this.lease != null && this.lease.isAlive();
			return alive ? CompletableFuture.completedFuture(this.lease) : this.waiters.add(patient);
		}
		finally {
			this.lock.unlock();
		}
	}

	/** Tries to get a lease, for as long as it takes. */
	void grant() {
		CompletableFuture<LeaseGrant> attempt;
		this.lock.lock();
		try {
			if (this.state == SessionState.CLOSED) {
				return;
			}
			attempt = this.source.next();
			this.attempt = attempt;
		}
		finally {
			this.lock.unlock();
		}
		attempt.whenComplete((grant, failure) -> {
			if (failure instanceof EtcdClosedException) {
				end();
			}
			else if (failure != null) {
				grantLater(failure);
			}
			else {
				granted(grant);
			}
		});
	}

	private void grantLater(Throwable failure) {
		int failures;
		List<Waiter> waiters;
		this.lock.lock();
		try {
			if (this.state == SessionState.CLOSED) {
				return;
			}
			failures = ++this.failures;
			waiters = this.waiters.takeImpatient();
		}
		finally {
			this.lock.unlock();
		}
		if (failures == 1) {
			logger.warn("no lease granted, trying again: {}", failure.getMessage());
		}
		this.client.scheduler().schedule(this::grant, BACKOFF.delay(failures));
		this.waiters.fail(waiters, failure);
	}

	private void granted(LeaseGrant grant) {
		KeepAlive lease = this.client.lease().keepAlive(grant);
		List<Waiter> waiters;
		this.lock.lock();
		try {
			if (this.state == SessionState.CLOSED) {
				// revoked by the close
				lease.close();
				return;
			}
			moveTo(SessionState.ACTIVE);
			this.lease = lease;
			this.failures = 0;
			waiters = this.waiters.takeAll();
		}
		finally {
			this.lock.unlock();
		}
		logger.debug("session active with lease {}", lease.lease());
		this.abandoned.takeAll().forEach(this.client.lease()::revokeAsync);
		this.listener.onActive(lease);
		OwnSteps.endOf(lease).thenAccept((reason) -> ended(lease, reason));
		this.waiters.complete(waiters, lease);
	}

	private void ended(KeepAlive lease, LeaseEnd reason) {
		this.lock.lock();
		try {
			if (this.state != SessionState.ACTIVE || this.lease != lease) {
				return;
			}
			moveTo(SessionState.PENDING);
			this.lease = null;
			if (reason == LeaseEnd.EXPIRED) {
				this.abandoned.add(lease.lease());
			}
		}
		finally {
			this.lock.unlock();
		}
		logger.info("lease {} lost ({}), granting another", lease.lease(), reason);
		this.listener.onLost(lease.lease(), reason);
		if (reason == LeaseEnd.CLIENT_CLOSED) {
			end();
			return;
		}
		this.client.scheduler().schedule(this::grant, BACKOFF.delay(1));
	}

	/** Revokes all there is of the session's leases at the server; after the end. */
	void revokeAll(Revocation revocation) {
		revokeAbandoned(revocation);
		this.source.adopted().ifPresent(revocation::add);
		revocation.add(this.attempt);
	}

	/** Revokes the leases that were lost. */
	void revokeAbandoned(Revocation revocation) {
		this.abandoned.takeAll().forEach(revocation::add);
	}

	/** Only with the lock. */
	private void moveTo(SessionState next) {
		if (!this.state.mayBecome(next)) {
			throw new IllegalStateException("session from " + this.state + " to " + next);
		}
		this.state = next;
	}

	/** Asks nothing of etcd any more, and says whether it did before. */
	boolean end() {
		KeepAlive lease;
		List<Waiter> waiters;
		this.lock.lock();
		try {
			if (this.state == SessionState.CLOSED) {
				return false;
			}
			moveTo(SessionState.CLOSED);
			lease = this.lease;
			waiters = this.waiters.takeAll();
		}
		finally {
			this.lock.unlock();
		}
		if (lease != null) {
			lease.close();
		}
		this.waiters.fail(waiters, LeaseWaiters.sessionClosed());
		return true;
	}

}
