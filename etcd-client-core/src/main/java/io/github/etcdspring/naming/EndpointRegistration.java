/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.naming;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;

import io.github.etcdspring.Backoff;
import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.EtcdClosedException;
import io.github.etcdspring.EtcdException;
import io.github.etcdspring.FailureDetails;
import io.github.etcdspring.KeyRange;
import io.github.etcdspring.LeaseId;
import io.github.etcdspring.LeaseNotFoundException;
import io.github.etcdspring.StatusCode;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.internal.BlockingCall;
import io.github.etcdspring.internal.BoundedWait;
import io.github.etcdspring.kv.Compare;
import io.github.etcdspring.kv.DeleteRequest;
import io.github.etcdspring.kv.PutRequest;
import io.github.etcdspring.kv.TxnRequest;
import io.github.etcdspring.kv.TxnResult;
import io.github.etcdspring.lease.KeepAlive;
import io.github.etcdspring.session.Session;
import io.github.etcdspring.session.SessionListener;
import io.github.etcdspring.session.SessionState;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An entry that is kept in etcd: written on the lease of a session, and again on the next
 * lease whenever one is lost. The first write takes the entry over, whoever wrote it. A
 * later one does so only if nobody else has written it since, so that a process which was
 * away does not push out the one that took its place; it looks again then whether that
 * one has gone. Thread-safe.
 */
public final class EndpointRegistration implements AutoCloseable {

	private static final Backoff BACKOFF = new Backoff(Duration.ofMillis(100), 2, Duration.ofSeconds(2), 0.5);

	/** Of looking again whether another process still has the entry. */
	private static final Backoff PATIENCE = new Backoff(Duration.ofSeconds(1), 2, Duration.ofSeconds(10), 0.25);

	private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(2);

	private static final Logger logger = LoggerFactory.getLogger(EndpointRegistration.class);

	private final Session session;

	private final EtcdClient client;

	private final ByteSequence key;

	private final ByteSequence value;

	private final CompletableFuture<EndpointRegistration> first = new CompletableFuture<>();

	private final CompletableFuture<Void> removed = new CompletableFuture<>();

	/** Guards the fields below; never held while anything waits. */
	private final ReentrantLock lock = new ReentrantLock();

	/** The revision of the last write that is known, 0 before the first. */
	private long revision;

	/** The lease of the last write begun. */
	private LeaseId attempted = LeaseId.NONE;

	private boolean writing;

	private boolean writeAgain;

	/** Tries in a row that wrote nothing. */
	private int failures;

	private boolean closed;

	private EndpointRegistration(Session session, ByteSequence key, ByteSequence value) {
		this.session = session;
		this.client = session.client();
		this.key = key;
		this.value = value;
	}

	static CompletableFuture<EndpointRegistration> open(Session session, ByteSequence key, ByteSequence value) {
		EndpointRegistration registration = new EndpointRegistration(session, key, value);
		session.addListener(new SessionListener() {

			@Override
			public void onActive(KeepAlive lease) {
				registration.write(lease);
			}

		});
		CompletableFuture<EndpointRegistration> opened = new CompletableFuture<>();
		registration.first.whenComplete((self, failure) -> registration.client.callbackExecutor().execute(() -> {
			if (failure != null) {
				opened.completeExceptionally(failure);
			}
			else if (!opened.complete(registration)) {
				registration.end();
			}
		}));
		opened.whenComplete((self, failure) -> {
			if (failure != null) {
				registration.end();
			}
		});
		session.leaseAsync().whenComplete((lease, failure) -> {
			if (failure != null) {
				registration.first.completeExceptionally(failure);
			}
			else {
				registration.write(lease);
			}
		});
		return opened;
	}

	static EndpointRegistration await(CompletableFuture<EndpointRegistration> opened) throws InterruptedException {
		return BlockingCall.await(opened, EndpointRegistration::end);
	}

	/**
	 * Whether the entry was written on the lease that the session has now, and that can
	 * be relied on. Says nothing of another hand that writes or deletes it.
	 * @return whether it is there, as far as this process can know
	 */
	public boolean isRegistered() {
		LeaseId lease = this.session.lease().map(KeepAlive::lease).orElse(LeaseId.NONE);
		this.lock.lock();
		try {
			return !this.closed && !this.writing && this.failures == 0 && this.revision != 0 && !lease.isNone()
					&& lease.equals(this.attempted);
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Returns when the entry was last written.
	 * @return the revision of the last write that is known
	 */
	public long revision() {
		this.lock.lock();
		try {
			return this.revision;
		}
		finally {
			this.lock.unlock();
		}
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
		TxnRequest txn;
		this.lock.lock();
		try {
			if (this.closed || !lease.isAlive()) {
				return;
			}
			if (this.writing) {
				this.writeAgain = true;
				return;
			}
			if (lease.lease().equals(this.attempted) && this.revision != 0 && this.failures == 0) {
				return;
			}
			this.writing = true;
			txn = txn(PutRequest.of(this.key, this.value).withLease(lease.lease()));
			this.attempted = lease.lease();
		}
		finally {
			this.lock.unlock();
		}
		this.client.kv().txnAsync(txn).whenComplete((result, failure) -> written(lease, result, failure));
	}

	/** A write whose answer was lost is known by its lease. */
	private TxnRequest txn(PutRequest put) {
		if (this.revision == 0) {
			return new TxnRequest(List.of(), List.of(put), List.of());
		}
		KeyRange only = KeyRange.key(this.key);
		Compare written = Compare.modRevision(only, Compare.Relation.EQUAL, this.revision);
		Compare begun = Compare.lease(only, Compare.Relation.EQUAL, this.attempted);
		TxnRequest ifBegun = new TxnRequest(List.of(begun), List.of(put), List.of());
		TxnRequest ifOwn = new TxnRequest(List.of(written), List.of(put), List.of(ifBegun));
		return new TxnRequest(List.of(Compare.absent(this.key)), List.of(put), List.of(ifOwn));
	}

	private static boolean hasWritten(TxnResult result) {
		return result.succeeded() || (!result.results().isEmpty() && result.results().get(0) instanceof TxnResult nested
				&& hasWritten(nested));
	}

	private void written(KeepAlive lease, @Nullable TxnResult result, @Nullable Throwable failure) {
		boolean wrote = result != null && hasWritten(result);
		boolean again;
		int failures;
		this.lock.lock();
		try {
			this.writing = false;
			if (result != null && wrote) {
				this.revision = result.revision();
			}
			this.failures = wrote ? 0 : this.failures + 1;
			failures = this.failures;
			if (this.closed) {
				remove();
				return;
			}
			again = this.writeAgain;
			this.writeAgain = false;
		}
		finally {
			this.lock.unlock();
		}
		if (wrote) {
			logger.debug("{} is registered on lease {}", this.key, lease.lease());
			this.first.complete(this);
		}
		else if (failure != null) {
			writeLater(lease, failure, failures);
		}
		else {
			heldByAnother(failures);
		}
		if (again) {
			write();
		}
	}

	private void writeLater(KeepAlive lease, Throwable failure, int failures) {
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

	private void writeAfter(Duration delay) {
		this.client.scheduler().schedule(() -> this.client.callbackExecutor().execute(this::write), delay);
	}

	/** Returns whether it had not ended before. */
	private boolean end() {
		this.lock.lock();
		try {
			if (this.closed) {
				return false;
			}
			this.closed = true;
			if (!this.writing) {
				remove();
			}
		}
		finally {
			this.lock.unlock();
		}
		this.first.completeExceptionally(closed("registration"));
		return true;
	}

	/** Only with the lock. Deletes the entry unless another hand has written it since. */
	private void remove() {
		if (this.attempted.isNone()) {
			this.removed.complete(null);
			return;
		}
		KeyRange only = KeyRange.key(this.key);
		boolean known = this.revision != 0 && this.failures == 0;
		Compare own = known ? Compare.modRevision(only, Compare.Relation.EQUAL, this.revision)
				: Compare.lease(only, Compare.Relation.EQUAL, this.attempted);
		TxnRequest txn = new TxnRequest(List.of(own), List.of(DeleteRequest.of(only)), List.of());
		this.client.kv().txnAsync(txn).whenComplete((result, failure) -> {
			if (failure != null) {
				logger.debug("{} was not deleted, it goes with its lease", this.key, failure);
			}
			this.removed.complete(null);
		});
	}

	/**
	 * Takes the entry back, unless another hand has written it since, and writes it no
	 * more. Waits 2 s at most for that, also when the thread is interrupted; what cannot
	 * be deleted goes with the session's lease. The session is left as it is. Idempotent.
	 */
	@Override
	public void close() {
		if (!end()) {
			return;
		}
		if (!BoundedWait.await(this.removed, this.client.ticker(), CLOSE_TIMEOUT)) {
			logger.debug("{} was not deleted in time, it goes with its lease", this.key);
		}
	}

	/** Names the key. */
	@Override
	public String toString() {
		return "EndpointRegistration[" + this.key + "]";
	}

}
