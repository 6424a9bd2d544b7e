/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.boot.leader;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

import io.github.etcdspring.Backoff;
import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.EtcdClosedException;
import io.github.etcdspring.EtcdException;
import io.github.etcdspring.EtcdNoSpaceException;
import io.github.etcdspring.LeaseLostException;
import io.github.etcdspring.LeaseNotFoundException;
import io.github.etcdspring.Outcome;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.election.LeaderElection;
import io.github.etcdspring.election.Leadership;
import io.github.etcdspring.election.LeadershipEnd;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * This instance's part in the election of one role: it campaigns, leads, and after a loss
 * campaigns again, until it is stopped. A run of a guarded method begins only while the
 * role is held, and the stop waits for the runs under way before it resigns, so that the
 * next leader does not overlap with them. Thread-safe.
 */
final class RoleElection {

	private static final Backoff BACKOFF = new Backoff(Duration.ofMillis(100), 2, Duration.ofSeconds(2), 0.5);

	private static final Log logger = LogFactory.getLog(RoleElection.class);

	private final String role;

	private final EtcdClient client;

	private final LeaderElection election;

	private final ByteSequence id;

	private final Listener listener;

	/**
	 * Guards the fields below; never held while anything but the end of runs is awaited.
	 */
	private final ReentrantLock lock = new ReentrantLock();

	private final Condition idle = this.lock.newCondition();

	private @Nullable CompletableFuture<Leadership> campaign;

	private @Nullable Leadership leadership;

	private int runs;

	private int failures;

	private boolean warned;

	private boolean stopped;

	RoleElection(String role, EtcdClient client, LeaderElection election, ByteSequence id, Listener listener) {
		this.role = role;
		this.client = client;
		this.election = election;
		this.id = id;
		this.listener = listener;
	}

	void campaign() {
		CompletableFuture<Leadership> campaign;
		this.lock.lock();
		try {
			if (this.stopped) {
				return;
			}
			campaign = this.election.campaignAsync(this.id);
			this.campaign = campaign;
		}
		finally {
			this.lock.unlock();
		}
		campaign.whenComplete((leadership, failure) -> {
			if (failure != null) {
				campaignLater(failure);
			}
			else {
				granted(leadership);
			}
		});
	}

	private void campaignLater(Throwable failure) {
		if (failure instanceof CancellationException || failure instanceof EtcdClosedException) {
			return;
		}
		int failures;
		boolean warn;
		this.lock.lock();
		try {
			failures = ++this.failures;
			warn = !this.warned && !mayPass(failure);
			this.warned |= warn;
		}
		finally {
			this.lock.unlock();
		}
		String message = "Campaign for role '" + this.role + "' failed, trying again: " + failure;
		if (warn) {
			logger.warn(message);
		}
		else {
			logger.debug(message);
		}
		this.client.scheduler()
			.schedule(() -> this.client.callbackExecutor().execute(this::campaign), BACKOFF.delay(failures));
	}

	private static boolean mayPass(Throwable failure) {
		return failure instanceof EtcdException etcd && !(etcd instanceof EtcdNoSpaceException)
				&& (etcd.isRetryable() || etcd.outcome() == Outcome.UNKNOWN || etcd instanceof LeaseLostException
						|| etcd instanceof LeaseNotFoundException);
	}

	private void granted(Leadership leadership) {
		this.lock.lock();
		try {
			if (this.stopped) {
				// won at the very moment: nobody is told, and it goes with the session
				return;
			}
			this.leadership = leadership;
			this.failures = 0;
			this.warned = false;
			// the stop waits until all have heard, before they hear of the end
			this.runs++;
		}
		finally {
			this.lock.unlock();
		}
		logger.info("Leader of role '" + this.role + "' with token " + leadership.fencingToken());
		try {
			this.listener.granted(this.role, leadership);
		}
		finally {
			endRun();
		}
		leadership.end().thenAccept((reason) -> revoked(leadership, reason));
	}

	private void revoked(Leadership leadership, LeadershipEnd reason) {
		boolean mine;
		this.lock.lock();
		try {
			mine = leadership.equals(this.leadership);
			this.leadership = null;
		}
		finally {
			this.lock.unlock();
		}
		if (mine) {
			tellRevoked(leadership, reason);
			campaign();
		}
	}

	private void tellRevoked(Leadership leadership, LeadershipEnd reason) {
		logger.info(
				"No longer leader of role '" + this.role + "' with token " + leadership.fencingToken() + ": " + reason);
		this.listener.revoked(this.role, leadership, reason);
	}

	/** Returns the leadership, if the role is held now. */
	Optional<Leadership> leadership() {
		this.lock.lock();
		try {
			return Optional.ofNullable(this.leadership).filter(Leadership::isHeld);
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Begins a run if the role is held.
	 * @return whether the run may take place; then {@link #endRun()} must follow
	 */
	boolean beginRun() {
		this.lock.lock();
		try {
			boolean may = !this.stopped && this.leadership != null && this.leadership.isHeld();
			if (may) {
				this.runs++;
			}
			return may;
		}
		finally {
			this.lock.unlock();
		}
	}

	void endRun() {
		this.lock.lock();
		try {
			this.runs--;
			this.idle.signalAll();
		}
		finally {
			this.lock.unlock();
		}
	}

	/** Lets no run begin any more. */
	void refuseRuns() {
		this.lock.lock();
		try {
			this.stopped = true;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Waits for the runs under way.
	 * @param patience how long to wait
	 */
	void awaitRuns(Duration patience) {
		this.lock.lock();
		try {
			long remaining = patience.toNanos();
			while (this.runs > 0 && remaining > 0) {
				remaining = this.idle.awaitNanos(remaining);
			}
			if (this.runs > 0) {
				logger.warn("Role '" + this.role + "' is given up while " + this.runs + " runs have not ended");
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Ends this instance's part.
	 * @return a future that completes when the role is given up, if it was held
	 */
	CompletableFuture<?> resignAsync() {
		CompletableFuture<Leadership> campaign;
		Leadership leadership;
		this.lock.lock();
		try {
			this.stopped = true;
			campaign = this.campaign;
			leadership = this.leadership;
			this.leadership = null;
		}
		finally {
			this.lock.unlock();
		}
		if (campaign != null) {
			campaign.cancel(false);
		}
		if (leadership == null) {
			return CompletableFuture.completedFuture(null);
		}
		// before another can lead
		tellRevoked(leadership, LeadershipEnd.RESIGNED);
		return leadership.resignAsync();
	}

	/**
	 * What is told of the role; on a thread of the client's callback executor, or of the
	 * stop.
	 */
	interface Listener {

		void granted(String role, Leadership leadership);

		void revoked(String role, Leadership leadership, LeadershipEnd reason);

	}

}
