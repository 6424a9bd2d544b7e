/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.boot.discovery;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.locks.ReentrantLock;

import io.github.etcdspring.Backoff;
import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.EtcdClosedException;
import io.github.etcdspring.KeyRange;
import io.github.etcdspring.LeaseId;
import io.github.etcdspring.LeaseNotFoundException;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.kv.Compare;
import io.github.etcdspring.kv.PutRequest;
import io.github.etcdspring.kv.Txn;
import io.github.etcdspring.kv.TxnRequest;
import io.github.etcdspring.kv.TxnResult;
import io.github.etcdspring.lease.KeepAlive;
import io.github.etcdspring.session.Session;
import io.github.etcdspring.session.SessionListener;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Keeps one instance's key in etcd: writes it when there is a lease, again after the
 * lease was lost, and again when its status changes. The first write takes the key over;
 * a later one does so only if nobody else has written it since, so that a process which
 * was away does not push out the one that took its place, but looks again whether it has
 * gone. A write whose answer was lost is known by its lease. The key goes with the lease.
 * One write at a time.
 */
final class InstanceKeeper implements SessionListener, AutoCloseable {

	private static final Backoff BACKOFF = new Backoff(Duration.ofMillis(100), 2, Duration.ofSeconds(5), 0.5);

	private static final Log logger = LogFactory.getLog(InstanceKeeper.class);

	/** Of looking again whether another process still holds the key. */
	private final Backoff patience;

	private final EtcdClient client;

	private final InstanceCodec codec;

	private final ByteSequence key;

	private final Session session;

	/** Guards the fields below; never held while anything waits. */
	private final ReentrantLock lock = new ReentrantLock();

	private InstanceRecord instance;

	private @Nullable KeepAlive lease;

	/** The revision of the last write, 0 before the first. */
	private long revision;

	/** The lease of the last write begun. */
	private LeaseId attempted = LeaseId.NONE;

	private boolean writing;

	private boolean writeAgain;

	private int failures;

	/** So often in turn, the key was found held by another process. */
	private int refusals;

	private @Nullable Future<?> planned;

	private boolean closed;

	InstanceKeeper(EtcdClient client, InstanceCodec codec, Duration ttl, InstanceRecord instance) {
		this.patience = new Backoff(min(Duration.ofSeconds(1), ttl), 2, ttl, 0.25);
		this.client = client;
		this.codec = codec;
		this.instance = instance;
		this.key = codec.key(instance);
		this.session = Session.open(client, ttl, this);
	}

	InstanceStatus status() {
		this.lock.lock();
		try {
			return this.instance.status();
		}
		finally {
			this.lock.unlock();
		}
	}

	void show(InstanceStatus status) {
		this.lock.lock();
		try {
			if (this.instance.status() == status) {
				return;
			}
			this.instance = this.instance.withStatus(status);
		}
		finally {
			this.lock.unlock();
		}
		write();
	}

	@Override
	public void onActive(KeepAlive lease) {
		this.lock.lock();
		try {
			this.lease = lease;
		}
		finally {
			this.lock.unlock();
		}
		write();
	}

	private void write() {
		Txn txn;
		KeepAlive lease;
		this.lock.lock();
		try {
			lease = this.lease;
			if (this.closed || lease == null || !lease.isAlive()) {
				return;
			}
			if (this.writing) {
				this.writeAgain = true;
				return;
			}
			this.writing = true;
			this.writeAgain = false;
			txn = txn(PutRequest.of(this.key, this.codec.encode(this.instance)).withLease(lease.lease()));
			this.attempted = lease.lease();
		}
		finally {
			this.lock.unlock();
		}
		KeepAlive under = lease;
		txn.commitAsync().whenComplete((result, failure) -> written(under, result, failure));
	}

	private Txn txn(PutRequest put) {
		Txn txn = this.client.kv().txn();
		if (this.revision == 0) {
			return txn.then(put);
		}
		KeyRange key = KeyRange.key(this.key);
		Compare written = Compare.modRevision(key, Compare.Relation.EQUAL, this.revision);
		Compare begun = Compare.lease(key, Compare.Relation.EQUAL, this.attempted);
		TxnRequest putIfBegun = new TxnRequest(List.of(begun), List.of(put), List.of());
		return txn.when(Compare.absent(this.key))
			.then(put)
			.otherwise(new TxnRequest(List.of(written), List.of(put), List.of(putIfBegun)));
	}

	private void written(KeepAlive under, @Nullable TxnResult result, @Nullable Throwable failure) {
		boolean again;
		boolean wrote = result != null && isWritten(result);
		this.lock.lock();
		try {
			this.writing = false;
			if (this.closed) {
				return;
			}
			if (result != null && wrote) {
				this.revision = result.revision();
				this.failures = 0;
				this.refusals = 0;
			}
			again = this.writeAgain;
		}
		finally {
			this.lock.unlock();
		}
		if (result == null) {
			writeLater(under, failure);
		}
		else if (wrote) {
			logger.info("Registered as " + this.key + " (" + status() + ", lease " + under.lease() + ", revision "
					+ result.revision() + ")");
		}
		else {
			heldByAnother();
		}
		if (again) {
			write();
		}
	}

	/** It may go, and this instance lives on. */
	private void heldByAnother() {
		int refusals;
		this.lock.lock();
		try {
			refusals = ++this.refusals;
		}
		finally {
			this.lock.unlock();
		}
		if (refusals == 1) {
			logger.warn("Not registered: " + this.key + " is held by another process with the same instance id");
		}
		writeAfter(this.patience.delay(refusals));
	}

	private static boolean isWritten(TxnResult result) {
		return result.succeeded() || (!result.results().isEmpty() && result.results().get(0) instanceof TxnResult nested
				&& isWritten(nested));
	}

	private void writeLater(KeepAlive under, @Nullable Throwable failure) {
		if (failure instanceof EtcdClosedException || failure instanceof LeaseNotFoundException || !under.isAlive()) {
			return;
		}
		int failures;
		this.lock.lock();
		try {
			failures = ++this.failures;
		}
		finally {
			this.lock.unlock();
		}
		if (failures == 1) {
			logger.warn("Not registered yet, trying again: " + failure);
		}
		writeAfter(BACKOFF.delay(failures));
	}

	/** One plan at a time: another takes its place. */
	private void writeAfter(Duration delay) {
		this.lock.lock();
		try {
			if (this.closed) {
				return;
			}
			if (this.planned != null) {
				this.planned.cancel(false);
			}
			this.planned = this.client.scheduler()
				.schedule(() -> this.client.callbackExecutor().execute(this::write), delay);
		}
		finally {
			this.lock.unlock();
		}
	}

	private static Duration min(Duration a, Duration b) {
		return (a.compareTo(b) < 0) ? a : b;
	}

	/** Takes the key away with its lease; waits 2 s at most for that. */
	@Override
	public void close() {
		this.lock.lock();
		try {
			this.closed = true;
			if (this.planned != null) {
				this.planned.cancel(false);
			}
		}
		finally {
			this.lock.unlock();
		}
		this.session.close();
	}

}
