/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.naming;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.locks.ReentrantLock;

import io.github.etcdspring.Backoff;
import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.EtcdClosedException;
import io.github.etcdspring.EtcdException;
import io.github.etcdspring.FailureDetails;
import io.github.etcdspring.internal.Failures;
import io.github.etcdspring.LeaseNotFoundException;
import io.github.etcdspring.StatusCode;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.internal.HandedOff;
import io.github.etcdspring.internal.OwnSteps;
import io.github.etcdspring.kv.TxnResult;
import io.github.etcdspring.lease.KeepAlive;
import io.github.etcdspring.session.Session;
import io.github.etcdspring.session.SessionListener;
import io.github.etcdspring.session.SessionState;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the entry of one registration in etcd. One write at a time; one whose answer was
 * lost is known by its lease. Thread-safe.
 */
final class EntryKeeper implements SessionListener, OwnSteps.Listener {

	private static final Backoff BACKOFF = new Backoff(Duration.ofMillis(100), 2, Duration.ofSeconds(2), 0.5);

	/** Of looking again whether another process still has the entry. */
	private static final Backoff PATIENCE = new Backoff(Duration.ofSeconds(1), 2, Duration.ofSeconds(10), 0.25);

	private static final Logger logger = LoggerFactory.getLogger(EndpointRegistration.class);

	private final Session session;

	/** The view for the library's own steps. */
	private final EtcdClient client;

	private final ByteSequence key;

	private final CompletableFuture<Long> first = new CompletableFuture<>();

	private final CompletableFuture<@Nullable Void> removed = new CompletableFuture<>();

	/** Guards the fields below; never held while anything waits. */
	private final ReentrantLock lock = new ReentrantLock();

	private final EntryState state;

	private @Nullable EntryWatch watch;

	private boolean writing;

	private boolean writeAgain;

	/** Tries in a row after which the entry did not stand. */
	private int failures;

	private @Nullable Future<?> planned;

	private boolean closed;

	EntryKeeper(Session session, ByteSequence key, ByteSequence value) {
		this.session = session;
		this.client = OwnSteps.of(session.client());
		this.key = key;
		this.state = new EntryState(key, value);
	}

	/** Completes with the revision of the first write; fails if there will be none. */
	CompletableFuture<Long> first() {
		return this.first;
	}

	/** Completes, never with a failure, when the entry was taken back. */
	CompletableFuture<@Nullable Void> removed() {
		return this.removed;
	}

	boolean isStanding() {
		KeepAlive lease = this.session.lease().orElse(null);
		this.lock.lock();
		try {
			return !this.closed && lease != null && this.state.isStandingOn(lease);
		}
		finally {
			this.lock.unlock();
		}
	}

	long revision() {
		this.lock.lock();
		try {
			return this.state.revision();
		}
		finally {
			this.lock.unlock();
		}
	}

	void begin() {
		this.session.addListener(this);
		CompletableFuture<KeepAlive> waiting = HandedOff.direct(this.session.leaseAsync());
		this.first.whenComplete((written, failure) -> waiting.cancel(false));
		waiting.whenComplete((lease, failure) -> {
			if (failure != null) {
				this.first.completeExceptionally(failure);
			}
			else {
				write(lease);
			}
		});
	}

	@Override
	public void onActive(KeepAlive lease) {
		write(lease);
	}

	private void write() {
		this.session.lease().ifPresent(this::write);
		if (this.session.state() == SessionState.CLOSED) {
			this.first.completeExceptionally(closed("session"));
		}
	}

	private static EtcdClosedException closed(String what) {
		return new EtcdClosedException(FailureDetails.local("the " + what + " is closed", StatusCode.CANCELLED), null);
	}

	private void write(KeepAlive lease) {
		EntryWrite write;
		Optional<EntryClaim> claim;
		this.lock.lock();
		try {
			if (this.closed || !lease.isAlive() || this.state.isStandingOn(lease)) {
				return;
			}
			if (this.writing) {
				this.writeAgain = true;
				return;
			}
			this.writing = true;
			write = this.state.write(lease);
			claim = this.state.claim();
		}
		finally {
			this.lock.unlock();
		}
		this.client.kv().txnAsync(write.txn()).whenComplete((result, failure) -> {
			if (Failures.isUnknown(failure)) {
				claim.ifPresent(EntryClaim::doubt);
			}
			written(lease, result, failure);
		});
	}

	private void written(KeepAlive lease, @Nullable TxnResult result, @Nullable Throwable failure) {
		boolean mine;
		boolean again;
		int failures;
		this.lock.lock();
		try {
			this.writing = false;
			mine = result != null && this.state.take(result);
			failures = this.state.isStanding() ? 0 : this.failures + 1;
			this.failures = failures;
			if (this.closed) {
				remove();
				return;
			}
			again = this.writeAgain || (mine && failures == 1);
			this.writeAgain = false;
		}
		finally {
			this.lock.unlock();
		}
		if (failure != null) {
			failed(lease, failure, failures);
		}
		else if (failures == 0 && result != null) {
			logger.debug("{} is registered on lease {}", this.key, lease.lease());
			follow(result.revision());
			this.first.complete(result.revision());
		}
		else if (!mine) {
			heldByAnother(failures);
		}
		else if (!again) {
			writeAfter(BACKOFF.delay(failures));
		}
		if (again) {
			write();
		}
	}

	private void failed(KeepAlive lease, Throwable failure, int failures) {
		boolean passes = (failure instanceof EtcdException etcd && etcd.isRetryable())
				|| failure instanceof LeaseNotFoundException || !lease.isAlive();
		if (failure instanceof EtcdClosedException || !passes) {
			this.first.completeExceptionally(failure);
		}
		if (failure instanceof EtcdClosedException) {
			return;
		}
		if (failures == 1) {
			logger.warn("{} is not registered yet, trying again: {}", this.key, failure.getMessage());
		}
		writeAfter(BACKOFF.delay(failures));
	}

	/** It may go, and this instance lives on. */
	private void heldByAnother(int failures) {
		if (failures == 1) {
			logger.warn("{} is not registered: another process has written it since", this.key);
		}
		writeAfter(PATIENCE.delay(failures));
	}

	/** One plan at a time: another takes its place. */
	private void writeAfter(Duration delay) {
		this.lock.lock();
		try {
			if (this.planned != null) {
				this.planned.cancel(false);
			}
			if (!this.closed) {
				this.planned = OwnSteps.later(this.client, this::write, delay);
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	private void follow(long revision) {
		EntryWatch watch = new EntryWatch(this.client, this.key, this::lookAgain);
		EntryWatch before;
		this.lock.lock();
		try {
			if (this.closed) {
				return;
			}
			before = this.watch;
			this.watch = watch;
		}
		finally {
			this.lock.unlock();
		}
		if (before != null) {
			before.close();
		}
		watch.open(revision);
	}

	/** Takes the word that nothing is known of the entry any more. */
	private void lookAgain(EntryWatch watch) {
		this.lock.lock();
		try {
			if (this.closed || watch != this.watch) {
				return;
			}
			this.watch = null;
			this.state.forget();
		}
		finally {
			this.lock.unlock();
		}
		write();
	}

	/**
	 * Writes no more and takes the entry back. Returns whether it had not ended before.
	 */
	boolean end() {
		EntryWatch watch;
		this.lock.lock();
		try {
			if (this.closed) {
				return false;
			}
			this.closed = true;
			watch = this.watch;
			if (this.planned != null) {
				this.planned.cancel(false);
			}
			if (!this.writing) {
				remove();
			}
		}
		finally {
			this.lock.unlock();
		}
		this.session.removeListener(this);
		if (watch != null) {
			watch.close();
		}
		this.first.completeExceptionally(closed("registration"));
		return true;
	}

	/** Only with the lock. */
	private void remove() {
		CompletableFuture<@Nullable Void> gone = this.state.removal(this.client)
			.map(EntryRemoval::begin)
			.orElseGet(() -> CompletableFuture.completedFuture(null));
		gone.thenRun(() -> this.removed.complete(null));
	}

}
