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

import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.EtcdClosedException;
import io.github.etcdspring.LeaseId;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.internal.BoundedWait;
import io.github.etcdspring.internal.HandedOff;
import io.github.etcdspring.internal.OwnSteps;
import io.github.etcdspring.lease.KeepAlive;
import io.github.etcdspring.lease.LeaseEnd;
import org.jspecify.annotations.Nullable;

/**
 * A lease that lives as long as this process holds on to it: granted, kept alive, and
 * after a loss granted anew for as long as the session is open. What was attached to the
 * lost lease is not put back: that is for the listeners. Maps to {@code Session} of Go's
 * {@code concurrency} package, which ends with its lease instead. Thread-safe.
 */
public final class Session implements AutoCloseable {

	private static final Duration ORPHAN_TIMEOUT = Duration.ofSeconds(2);

	private final EtcdClient client;

	private final EtcdClient steps;

	private final SessionListeners listeners;

	private final SessionLease life;

	private final OwnershipQueues queues;

	private Session(EtcdClient client, Duration ttl, @Nullable LeaseId adopted) {
		this.client = client;
		this.steps = OwnSteps.of(client);
		this.listeners = new SessionListeners(client.callbackExecutor());
		this.life = new SessionLease(this.steps, new LeaseSource(this.steps.lease(), ttl, adopted), new Announcer());
		this.queues = new OwnershipQueues(this.steps, this.life);
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
	 * closed. What is entered again under the lease is owned under the same fencing token
	 * as before: see what {@link #orphan()} does not guarantee.
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
		Session session = new Session(client, ttl, adopted);
		List.of(listeners).forEach(session::addListener);
		session.life.grant();
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
		return this.life.state();
	}

	/**
	 * Returns the lease, if the session has one that can be relied on.
	 * @return the lease; empty while one is being granted, and after the close
	 */
	public Optional<KeepAlive> lease() {
		return this.life.lease();
	}

	/**
	 * Waits for a lease.
	 * @return a future that completes with the lease, at once if there is one, on the
	 * client's callback executor else; fails with {@link EtcdClosedException} if the
	 * session is closed before
	 */
	public CompletableFuture<KeepAlive> leaseAsync() {
		CompletableFuture<KeepAlive> lease = this.life.await(true);
		return lease.isDone() ? lease : HandedOff.of(lease, this.client.callbackExecutor(), (late) -> {
		});
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
	 * is taken; no key is left behind then, unless etcd refuses to delete one or takes
	 * longer than 0.2 s to do it. Fails if the session has no lease and the next try at
	 * granting one fails
	 * @throws IllegalArgumentException if the prefix does not end with {@code /}
	 */
	public CompletableFuture<Optional<Ownership>> tryEnter(ByteSequence prefix, ByteSequence value) {
		return this.queues.tryEnter(prefix, Objects.requireNonNull(value, "value"));
	}

	OwnershipQueues queues() {
		return this.queues;
	}

	/**
	 * Closes the session: revokes its lease, also one that is being granted, so that what
	 * is attached to it goes at once. Waits 2 s at most for that, also when the thread is
	 * interrupted; if the cluster cannot be reached the lease expires by itself.
	 * Listeners are not told. Idempotent.
	 */
	@Override
	public void close() {
		if (this.life.end()) {
			Revocation revocation = new Revocation(this.steps);
			this.life.revokeAll(revocation);
			revocation.await();
		}
	}

	/**
	 * Closes the session and leaves its lease: what is attached to it stays until the
	 * lease expires, or another session {@linkplain #adopt adopts} it. A lease that is
	 * being granted is revoked, one to adopt is left. {@code Orphan} of Go's sessions.
	 * Who waits for an ownership leaves the queue, since nobody would go on with it;
	 * waits 2 s at most for that, and for nothing else.
	 * <p>
	 * Not guaranteed: that nothing more is done here under what is left. Whoever adopts
	 * the lease goes on with the same keys and the same fencing tokens, by which nobody
	 * can tell the two apart. An {@link EtcdFence} lets nothing more through here, but
	 * what it let through before may still be on its way, a transaction with the key's
	 * guard succeeds as ever, and so does the token at any other store. So end what is
	 * done under the lease, and wait for that, before this is called.
	 * @return the lease that is left; empty if the session had none that could be relied
	 * on, or was closed before
	 */
	public Optional<LeaseId> orphan() {
		Optional<LeaseId> left = this.life.left();
		// while the lease is still kept alive, so that nobody takes it for lost
		CompletableFuture<?> cleared = this.queues.leaseLeft();
		if (!this.life.end()) {
			return Optional.empty();
		}
		Revocation revocation = new Revocation(this.steps);
		if (left.isEmpty()) {
			this.life.revokeAll(revocation);
		}
		else {
			this.life.revokeAbandoned(revocation);
		}
		BoundedWait.await(cleared, this.client.ticker(), ORPHAN_TIMEOUT);
		return left;
	}

	/** Tells the listeners of one lease after the other. */
	private final class Announcer implements SessionListener {

		@Override
		public void onActive(KeepAlive lease) {
			Session.this.listeners.tell((listener) -> listener.onActive(lease));
		}

		@Override
		public void onLost(LeaseId lease, LeaseEnd reason) {
			Session.this.listeners.tell((listener) -> listener.onLost(lease, reason));
		}

	}

}
