/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.lock;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;

import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.EtcdException;
import io.github.etcdspring.FailureDetails;
import io.github.etcdspring.LeaseLostException;
import io.github.etcdspring.StatusCode;
import io.github.etcdspring.internal.BlockingCall;
import io.github.etcdspring.internal.Clearing;
import io.github.etcdspring.internal.HandedOff;
import io.github.etcdspring.kv.Compare;
import io.github.etcdspring.session.EtcdFence;
import io.github.etcdspring.session.Ownership;
import io.github.etcdspring.session.Session;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A lock that threads of many processes contend for, in the key layout and with the queue
 * of Go's {@code concurrency.Mutex}: it excludes Go programs and {@code etcdctl lock}
 * too.
 * <p>
 * <strong>Not guaranteed</strong>: that two holders never act at the same time. A lock
 * lives as long as its lease; a process that is paused longer than that, or cut off, has
 * lost it and may not have noticed when it acts. {@link #isHeld()} knows of the end of
 * the lease, but not of a key that another hand deleted, and its answer ages. So use the
 * lock to save work, and the {@linkplain #fencingToken() fencing token} to be safe: add
 * {@link #guard()} to the transaction that writes to etcd, or let any other store refuse
 * a token lower than the highest it has seen.
 * <p>
 * The lock is fair over all processes: whoever asked first, by etcd's revision, is next.
 * It is reentrant for the thread that holds it, has no conditions, and is given back by
 * the thread that took it. If the lease is lost while a thread waits for the lock, the
 * wait ends with {@link LeaseLostException}; if it is lost while the lock is held,
 * {@link #unlock()} says so with the same exception. Two locks of one name from one
 * session exclude each other as well. Thread-safe.
 */
public final class EtcdLock implements Lock {

	private static final Logger logger = LoggerFactory.getLogger(EtcdLock.class);

	private final Session session;

	private final ByteSequence prefix;

	private final Map<Thread, Hold> holds = new ConcurrentHashMap<>();

	private EtcdLock(Session session, ByteSequence prefix) {
		this.session = session;
		this.prefix = prefix;
	}

	/**
	 * Returns the lock of a name.
	 * @param session whose lease the lock lives on
	 * @param name the key that waiting keys are put under, without {@code /} at its end:
	 * what {@code etcdctl lock} is given. The name of a lock must not continue that of
	 * another after a {@code /}: {@code a} would wait for holders of {@code a/b}
	 * @return the lock
	 * @throws IllegalArgumentException if the name is empty or ends with {@code /}
	 */
	public static EtcdLock of(Session session, String name) {
		if (name.isEmpty() || name.endsWith("/")) {
			throw new IllegalArgumentException(
					"lock name: '" + name + "' (expected: at least one character, no '/' at the end)");
		}
		return new EtcdLock(session, ByteSequence.of(name + "/"));
	}

	/**
	 * Takes the lock, for as long as it takes. Interrupts do not end the wait.
	 * @throws LeaseLostException if the lease was lost meanwhile
	 * @throws EtcdException if etcd refused
	 */
	@Override
	public void lock() {
		if (reenter()) {
			return;
		}
		hold(BlockingCall.awaitUninterruptibly(acquireAsync()));
	}

	/**
	 * Takes the lock, for as long as it takes.
	 * @throws InterruptedException if this thread is interrupted; it has left the queue
	 * @throws LeaseLostException if the lease was lost meanwhile
	 * @throws EtcdException if etcd refused
	 */
	@Override
	public void lockInterruptibly() throws InterruptedException {
		tryLock(Long.MAX_VALUE, TimeUnit.NANOSECONDS);
	}

	/**
	 * Takes the lock if nobody holds it or waits for it. Asks etcd, again while the
	 * answer is lost and the lease lives; in an outage that is as long as the lease's TTL
	 * at most, or as one try at granting a lease. An interrupt does not end that, nor
	 * does one that came before; the flag stays set.
	 * @return whether this thread holds it now
	 * @throws EtcdException if etcd could not be asked, or refused
	 */
	@Override
	public boolean tryLock() {
		if (reenter()) {
			return true;
		}
		Optional<Ownership> ownership = BlockingCall.awaitUninterruptibly(tryAcquireAsync());
		ownership.ifPresent(this::hold);
		return ownership.isPresent();
	}

	/**
	 * Takes the lock if it can be had within a time. If not, the queue is left before
	 * this says so. That takes 0.2 s beyond the time at most: where etcd does not answer,
	 * or refuses, it goes on in the background as long as the lease lives.
	 * @param time how long to wait; zero or less: as {@link #tryLock()}
	 * @param unit the unit of {@code time}
	 * @return whether this thread holds it now; if not, it has left the queue
	 * @throws InterruptedException if this thread is interrupted; it has left the queue
	 * @throws LeaseLostException if the lease was lost meanwhile
	 * @throws EtcdException if etcd refused
	 */
	@Override
	public boolean tryLock(long time, TimeUnit unit) throws InterruptedException {
		if (Thread.interrupted()) {
			throw new InterruptedException();
		}
		if (time <= 0) {
			return tryLock();
		}
		if (reenter()) {
			return true;
		}
		CompletableFuture<Ownership> entry = HandedOff.direct(acquireAsync());
		try {
			hold(entry.get(time, unit));
			return true;
		}
		catch (TimeoutException ex) {
			return !Clearing.giveUp(entry) && holdLate(entry);
		}
		catch (InterruptedException ex) {
			if (!Clearing.giveUp(entry)) {
				entry.thenAccept(Ownership::releaseAsync);
			}
			throw ex;
		}
		catch (ExecutionException ex) {
			throw BlockingCall.failureOf(ex);
		}
	}

	/** Takes what came in the moment the wait was given up. */
	private boolean holdLate(CompletableFuture<Ownership> entry) throws InterruptedException {
		try {
			hold(entry.get());
			return true;
		}
		catch (ExecutionException ex) {
			throw BlockingCall.failureOf(ex);
		}
	}

	/**
	 * Takes the lock for no thread in particular, for as long as it takes: what is done
	 * under it may go from thread to thread. It excludes the threads that use this object
	 * as a {@link Lock}, and is not reentrant.
	 * @return a future that completes with the hold, on the client's callback executor:
	 * to be {@linkplain Ownership#releaseAsync() released}. When it is cancelled, or
	 * times out, the queue is left; fails with {@link LeaseLostException} if the lease is
	 * lost meanwhile
	 */
	public CompletableFuture<Ownership> acquireAsync() {
		return this.session.enter(this.prefix, ByteSequence.EMPTY);
	}

	/**
	 * Takes the lock for no thread in particular if nobody holds it or waits for it.
	 * @return a future that completes with the hold, on the client's callback executor;
	 * with nothing if the lock is taken
	 */
	public CompletableFuture<Optional<Ownership>> tryAcquireAsync() {
		return this.session.tryEnter(this.prefix, ByteSequence.EMPTY);
	}

	/**
	 * Gives the lock back. Waits until etcd has deleted its key; while etcd cannot be
	 * reached that is until the lease has run out, which frees the lock as well.
	 * @throws IllegalMonitorStateException if this thread does not hold the lock
	 * @throws LeaseLostException if the lock was lost before: what was done under it may
	 * have overlapped with another holder
	 * @throws EtcdException if etcd refuses to delete the key, as without permission;
	 * that is tried again in the background as long as the lease lives
	 */
	@Override
	public void unlock() {
		Hold hold = currentHold();
		if (--hold.count > 0) {
			return;
		}
		this.holds.remove(Thread.currentThread());
		if (!hold.ownership.release()) {
			throw new LeaseLostException(FailureDetails.local("the lock " + this.prefix + " with token "
					+ hold.ownership.token() + " was lost before it was given back", StatusCode.FAILED_PRECONDITION),
					null);
		}
	}

	/**
	 * Not supported: a condition would have to be signalled across processes.
	 * @throws UnsupportedOperationException always
	 */
	@Override
	public Condition newCondition() {
		throw new UnsupportedOperationException("a lock in etcd has no conditions; watch a key instead");
	}

	/**
	 * Whether a thread of this object holds the lock now, as far as can be known.
	 * @return whether one took it, has not given it back, and its lease lives
	 */
	public boolean isHeld() {
		return this.holds.values().stream().anyMatch((hold) -> hold.ownership.isHeld());
	}

	/**
	 * Whether the current thread holds the lock now, as far as can be known.
	 * @return whether it took it, has not given it back, and its lease lives
	 */
	public boolean isHeldByCurrentThread() {
		Hold hold = this.holds.get(Thread.currentThread());
		return hold != null && hold.ownership.isHeld();
	}

	/**
	 * Returns the fencing token of the current thread's hold: a number greater than that
	 * of every hold before, by whatever process.
	 * @return the revision that created the lock's key
	 * @throws IllegalMonitorStateException if this thread has not taken the lock
	 */
	public long fencingToken() {
		return currentHold().ownership.token();
	}

	/**
	 * Returns the condition that makes a transaction fail once the current thread's hold
	 * is lost.
	 * @return that the lock's key is still the one this hold created
	 * @throws IllegalMonitorStateException if this thread has not taken the lock
	 */
	public Compare guard() {
		return currentHold().ownership.guard();
	}

	/**
	 * Returns the fence of the current thread's hold, through which nothing is written
	 * once it is lost.
	 * @return the fence
	 * @throws IllegalMonitorStateException if this thread has not taken the lock
	 */
	public EtcdFence fence() {
		return EtcdFence.of(this.session.client(), currentHold().ownership);
	}

	/**
	 * Returns the current thread's hold itself, which can be watched for its loss and
	 * handed to other threads.
	 * @return the place at the head of the queue
	 * @throws IllegalMonitorStateException if this thread has not taken the lock
	 */
	public Ownership ownership() {
		return currentHold().ownership;
	}

	private boolean reenter() {
		Hold hold = this.holds.get(Thread.currentThread());
		if (hold == null) {
			return false;
		}
		if (!hold.ownership.isHeld()) {
			throw new LeaseLostException(FailureDetails.local(
					"the lock " + this.prefix + " is taken again, but was lost meanwhile; give it back first",
					StatusCode.FAILED_PRECONDITION), null);
		}
		hold.count++;
		return true;
	}

	private void hold(Ownership ownership) {
		if (!ownership.isHeld()) {
			// this thread may have been paused since it was told
			ownership.releaseAsync();
			throw new LeaseLostException(FailureDetails.local("the lock " + this.prefix + " with token "
					+ ownership.token() + " was lost before it could be held", StatusCode.FAILED_PRECONDITION), null);
		}
		this.holds.put(Thread.currentThread(), new Hold(ownership));
		// what the session keeps of the hold keeps this object, and so the hold itself
		ownership.lost().thenAccept((reason) -> logger.debug("{} lost: {}", this, reason));
	}

	private Hold currentHold() {
		@Nullable Hold hold = this.holds.get(Thread.currentThread());
		if (hold == null) {
			throw new IllegalMonitorStateException("the current thread does not hold the lock " + this.prefix);
		}
		return hold;
	}

	/** Names the key, not the holders. */
	@Override
	public String toString() {
		return "EtcdLock[" + this.prefix + "]";
	}

	/** What one thread holds. The count is its own. */
	private static final class Hold {

		private final Ownership ownership;

		private int count = 1;

		Hold(Ownership ownership) {
			this.ownership = ownership;
		}

	}

}
