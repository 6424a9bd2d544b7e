/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.session;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;

import io.github.etcdspring.Backoff;
import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.EtcdClosedException;
import io.github.etcdspring.LeaseId;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.lease.KeepAlive;
import io.github.etcdspring.lease.LeaseEnd;
import io.github.etcdspring.lease.LeaseGrant;
import io.github.etcdspring.session.LeaseWaiters.Waiter;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A lease that lives as long as this process holds on to it: granted, kept alive, and
 * after a loss granted anew for as long as the session is open. What was attached to the
 * lost lease is not put back: that is for the listeners. Maps to {@code Session} of Go's
 * {@code concurrency} package, which ends with its lease instead. Thread-safe.
 */
public final class Session implements AutoCloseable {

	private static final Backoff BACKOFF = new Backoff(Duration.ofMillis(100), 2, Duration.ofSeconds(1), 0.5);

	private static final Logger logger = LoggerFactory.getLogger(Session.class);

	private final EtcdClient client;

	private final LeaseSource source;

	private final SessionListeners listeners;

	private final OwnershipQueues queues;

	private final LeaseWaiters waiters;

	private final AbandonedLeases abandoned = new AbandonedLeases();

	/** Guards the fields below; never held while anything waits or user code runs. */
	private final ReentrantLock lock = new ReentrantLock();

	private SessionState state = SessionState.PENDING;

	private @Nullable KeepAlive lease;

	/** The last try at granting a lease. Read without the lock only after the end. */
	private volatile CompletableFuture<LeaseGrant> attempt = new CompletableFuture<>();

	private int failures;

	private Session(EtcdClient client, LeaseSource source) {
		this.client = client;
		this.source = source;
		this.listeners = new SessionListeners(client.callbackExecutor());
		this.waiters = new LeaseWaiters(client.callbackExecutor());
		this.queues = new OwnershipQueues(client, this);
	}

	/**
	 * Opens a session. Returns at once; the lease is granted in the background, for as
	 * long as it takes.
	 * @param client the client; must be closed after the session
	 * @param ttl how long the lease outlives this process, or its connection to the
	 * cluster; whole seconds, at least 1 s. The server may grant more: with default
	 * settings at least 2 s
	 * @param listeners what to tell from the first lease on
	 * @return the session
	 * @throws IllegalArgumentException if {@code ttl} is below 1 s
	 */
	public static Session open(EtcdClient client, Duration ttl, SessionListener... listeners) {
		return open(client, null, ttl, listeners);
	}

	/**
	 * Opens a session that goes on with a lease that is there, such as one that an
	 * earlier process {@linkplain #orphan() left}: Go's {@code WithLease}. If the lease
	 * is gone, now or later, another is granted. The session revokes it when it is
	 * closed.
	 * @param client the client; must be closed after the session
	 * @param lease the lease, not {@link LeaseId#NONE}; nobody else may keep it alive
	 * @param ttl that of a lease granted in its place; at least 1 s
	 * @param listeners what to tell from the first lease on
	 * @return the session
	 * @throws IllegalArgumentException if the id is 0, or {@code ttl} is below 1 s
	 */
	public static Session adopt(EtcdClient client, LeaseId lease, Duration ttl, SessionListener... listeners) {
		if (lease.equals(LeaseId.NONE)) {
			throw new IllegalArgumentException("lease: 0 (expected: the id of a lease)");
		}
		return open(client, lease, ttl, listeners);
	}

	private static Session open(EtcdClient client, @Nullable LeaseId adopted, Duration ttl,
			SessionListener... listeners) {
		if (ttl.toSeconds() < 1) {
			throw new IllegalArgumentException("ttl: " + ttl + " (expected: at least 1 s)");
		}
		Session session = new Session(client, new LeaseSource(client.lease(), ttl, adopted));
		List.of(listeners).forEach(session::addListener);
		session.grant();
		return session;
	}

	/**
	 * Returns the client this session uses.
	 * @return the client
	 */
	public EtcdClient client() {
		return this.client;
	}

	/**
	 * Returns where the session is in its life.
	 * @return the state; never {@link SessionState#ACTIVE} after the lease's local
	 * deadline
	 */
	public SessionState state() {
		this.lock.lock();
		try {
			boolean dead = this.state == SessionState.ACTIVE && this.lease != null && !this.lease.isAlive();
			return dead ? SessionState.PENDING : this.state;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Returns the lease, if the session has one that can be relied on.
	 * @return the lease; empty while one is being granted, and after the close
	 */
	public Optional<KeepAlive> lease() {
		this.lock.lock();
		try {
			return Optional.ofNullable(this.lease).filter(KeepAlive::isAlive);
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Waits for a lease.
	 * @return a future that completes with the lease, at once if there is one, on the
	 * client's callback executor else; fails with {@link EtcdClosedException} if the
	 * session is closed before
	 */
	public CompletableFuture<KeepAlive> leaseAsync() {
		return leaseAsync(true);
	}

	/** Waits for a lease, but only for one try at granting it. */
	CompletableFuture<KeepAlive> leaseAttemptAsync() {
		return leaseAsync(false);
	}

	private CompletableFuture<KeepAlive> leaseAsync(boolean patient) {
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

	/**
	 * Adds a listener. It is told of what happens from now on.
	 * @param listener the listener
	 */
	public void addListener(SessionListener listener) {
		this.listeners.add(listener);
	}

	/**
	 * Removes a listener, if it is there: it is told no more, but for a call under way.
	 * @param listener the listener
	 */
	public void removeListener(SessionListener listener) {
		this.listeners.remove(listener);
	}

	/**
	 * Stands in the queue of those who want to own a prefix, until its turn comes. The
	 * entry is a key below the prefix, named by the lease and attached to it; the owner
	 * is the key that was created first. This is what Go's {@code Mutex} and
	 * {@code Election} do, so that all of them stand in one queue. Within one session
	 * those who want the same prefix go one after the other, in the order of their calls.
	 * @param prefix what to own; must end with {@code /}
	 * @param value what the entry's key holds
	 * @return a future that completes with the ownership; fails with
	 * {@link io.github.etcdspring.LeaseLostException} if the lease is lost before. When
	 * it is cancelled the entry leaves the queue
	 * @throws IllegalArgumentException if the prefix does not end with {@code /}
	 */
	public CompletableFuture<Ownership> enter(ByteSequence prefix, ByteSequence value) {
		return this.queues.enter(prefix, Objects.requireNonNull(value, "value"));
	}

	/**
	 * Owns a prefix if nobody does and nobody waits for it.
	 * @param prefix what to own; must end with {@code /}
	 * @param value what the entry's key holds
	 * @return a future that completes with the ownership, or with nothing if the prefix
	 * is taken; no key is left behind then. Fails if the session has no lease and the
	 * next try at granting one fails
	 * @throws IllegalArgumentException if the prefix does not end with {@code /}
	 */
	public CompletableFuture<Optional<Ownership>> tryEnter(ByteSequence prefix, ByteSequence value) {
		return this.queues.tryEnter(prefix, Objects.requireNonNull(value, "value"));
	}

	OwnershipQueues queues() {
		return this.queues;
	}

	private void grant() {
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
		this.listeners.tell((listener) -> listener.onActive(lease));
		lease.end().thenAccept((reason) -> ended(lease, reason));
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
		this.listeners.tell((listener) -> listener.onLost(lease.lease(), reason));
		if (reason == LeaseEnd.CLIENT_CLOSED) {
			end();
			return;
		}
		this.client.scheduler().schedule(this::grant, BACKOFF.delay(1));
	}

	/**
	 * Closes the session: revokes its lease, also one that is being granted, so that what
	 * is attached to it goes at once. Waits 2 s at most for that, also when the thread is
	 * interrupted; if the cluster cannot be reached the lease expires by itself.
	 * Listeners are not told. Idempotent.
	 */
	@Override
	public void close() {
		if (end()) {
			Revocation revocation = new Revocation(this.client);
			this.abandoned.takeAll().forEach(revocation::add);
			this.source.adopted().ifPresent(revocation::add);
			revocation.add(this.attempt);
			revocation.await();
		}
	}

	/**
	 * Closes the session and leaves its lease: what is attached to it stays until the
	 * lease expires, or another session {@linkplain #adopt adopts} it. A lease that is
	 * being granted is revoked, one to adopt is left. {@code Orphan} of Go's sessions.
	 * Does not wait.
	 * @return the lease that is left; empty if the session had none that could be relied
	 * on, or was closed before
	 */
	public Optional<LeaseId> orphan() {
		Optional<LeaseId> left = lease().map(KeepAlive::lease).or(this.source::adopted);
		if (!end()) {
			return Optional.empty();
		}
		Revocation revocation = new Revocation(this.client);
		this.abandoned.takeAll().forEach(revocation::add);
		if (left.isEmpty()) {
			revocation.add(this.attempt);
		}
		return left;
	}

	/** Only with the lock. */
	private void moveTo(SessionState next) {
		if (!this.state.mayBecome(next)) {
			throw new IllegalStateException("session from " + this.state + " to " + next);
		}
		this.state = next;
	}

	/** Asks nothing of etcd any more, and says whether it did before. */
	private boolean end() {
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
