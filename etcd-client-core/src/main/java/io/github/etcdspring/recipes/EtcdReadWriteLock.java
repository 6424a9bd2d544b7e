/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.recipes;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.EtcdException;
import io.github.etcdspring.KeyRange;
import io.github.etcdspring.LeaseLostException;
import io.github.etcdspring.session.Contender;
import io.github.etcdspring.session.Ownership;
import io.github.etcdspring.session.Session;

/**
 * A lock that many readers hold at once, or one writer alone, over all processes. The
 * keys are those of Go's {@code recipes.RWMutex}, so that Go programs take part: below
 * the name {@code read/} or {@code write/} and a number, attached to the session's lease.
 * <p>
 * <strong>Not guaranteed</strong>: that a writer never acts while another holds the lock.
 * A hold lives as long as its lease; a process that is paused longer than that, or cut
 * off, has lost it and may not have noticed when it acts. What must not happen then is
 * written in a transaction with {@link Ownership#guard()}, or carries
 * {@link Ownership#token()} to a store that refuses a lower one than it has seen. A key
 * that another hand deletes ends the hold as well, and {@link Ownership#isHeld()} does
 * not know of it.
 * <p>
 * The lock is fair: whoever asked first, by etcd's revision, is first. A reader waits for
 * the writers that came before it alone, a writer for all that came before it; so a
 * waiting writer holds up the readers that come after it. Before it holds, each looks
 * whether its own key still stands, which Go's does not.
 * <p>
 * A hold belongs to whoever has the {@link Ownership}, not to a thread: it may be given
 * back anywhere. The lock is not reentrant, and a read hold cannot become a write hold:
 * who asks for one while it has the other waits for itself. Thread-safe.
 */
public final class EtcdReadWriteLock {

	private final ByteSequence prefix;

	private final Acquisition reading;

	private final Acquisition writing;

	private EtcdReadWriteLock(Session session, ByteSequence prefix) {
		this.prefix = prefix;
		ByteSequence writers = prefix.concat("write/");
		this.reading = new Acquisition(session,
				new Contender(names(prefix.concat("read/")), KeyRange.prefix(writers), 1));
		this.writing = new Acquisition(session, new Contender(names(writers), KeyRange.prefix(prefix), 1));
	}

	private static Supplier<ByteSequence> names(ByteSequence prefix) {
		return () -> prefix.concat(UnixNanos.system().next());
	}

	/**
	 * Returns the lock of a name.
	 * @param session whose lease holds live on
	 * @param name the key that waiting keys are put under, without {@code /} at its end:
	 * what Go's {@code NewRWMutex} is given. It must not continue another name after a
	 * {@code /}
	 * @return the lock
	 * @throws IllegalArgumentException if the name is empty or ends with {@code /}
	 */
	public static EtcdReadWriteLock of(Session session, String name) {
		return new EtcdReadWriteLock(session, RecipeName.checked("lock", name).concat("/"));
	}

	/**
	 * Waits until no writer is before it, for as long as it takes.
	 * @return the hold, to be released
	 * @throws InterruptedException if this thread is interrupted; the key is deleted
	 * @throws LeaseLostException if the lease, or the key, was lost meanwhile
	 * @throws EtcdException if etcd refused
	 */
	public Ownership lockRead() throws InterruptedException {
		return this.reading.acquire();
	}

	/**
	 * Waits until no writer is before it: the asynchronous form of {@link #lockRead()}.
	 * @return a future that completes with the hold, on the client's callback executor.
	 * When it is cancelled the key is deleted, and the lock is never held by it
	 */
	public CompletableFuture<Ownership> lockReadAsync() {
		return this.reading.acquireAsync();
	}

	/**
	 * Waits until no writer is before it, for a time. If it is up, its key is deleted
	 * before this says so. That takes 0.2 s beyond the time at most: where etcd does not
	 * answer, or refuses, it goes on in the background as long as the lease lives.
	 * @param wait how long; zero or less: only if it need not wait
	 * @return the hold; empty if it could not be had in time, and its key is deleted
	 * @throws InterruptedException if this thread is interrupted; the key is deleted
	 * @throws LeaseLostException if the lease, or the key, was lost meanwhile
	 * @throws EtcdException if etcd could not be asked, or refused
	 */
	public Optional<Ownership> tryLockRead(Duration wait) throws InterruptedException {
		return this.reading.tryAcquire(wait);
	}

	/**
	 * Waits until no writer is before it, for a time: the asynchronous form of
	 * {@link #tryLockRead(Duration)}.
	 * @param wait how long; zero or less: only if it need not wait
	 * @return the future hold; cancelling it deletes the key
	 */
	public CompletableFuture<Optional<Ownership>> tryLockReadAsync(Duration wait) {
		return this.reading.tryAcquireAsync(wait);
	}

	/**
	 * Waits until nobody is before it, for as long as it takes.
	 * @return the hold, to be released; its token is greater than that of every hold
	 * before
	 * @throws InterruptedException if this thread is interrupted; the key is deleted
	 * @throws LeaseLostException if the lease, or the key, was lost meanwhile
	 * @throws EtcdException if etcd refused
	 */
	public Ownership lockWrite() throws InterruptedException {
		return this.writing.acquire();
	}

	/**
	 * Waits until nobody is before it: the asynchronous form of {@link #lockWrite()}.
	 * @return a future that completes with the hold, on the client's callback executor.
	 * When it is cancelled the key is deleted, and the lock is never held by it
	 */
	public CompletableFuture<Ownership> lockWriteAsync() {
		return this.writing.acquireAsync();
	}

	/**
	 * Waits until nobody is before it, for a time. If it is up, its key is deleted before
	 * this says so. That takes 0.2 s beyond the time at most: where etcd does not answer,
	 * or refuses, it goes on in the background as long as the lease lives.
	 * @param wait how long; zero or less: only if it need not wait
	 * @return the hold; empty if it could not be had in time, and its key is deleted
	 * @throws InterruptedException if this thread is interrupted; the key is deleted
	 * @throws LeaseLostException if the lease, or the key, was lost meanwhile
	 * @throws EtcdException if etcd could not be asked, or refused
	 */
	public Optional<Ownership> tryLockWrite(Duration wait) throws InterruptedException {
		return this.writing.tryAcquire(wait);
	}

	/**
	 * Waits until nobody is before it, for a time: the asynchronous form of
	 * {@link #tryLockWrite(Duration)}.
	 * @param wait how long; zero or less: only if it need not wait
	 * @return the future hold; cancelling it deletes the key
	 */
	public CompletableFuture<Optional<Ownership>> tryLockWriteAsync(Duration wait) {
		return this.writing.tryAcquireAsync(wait);
	}

	/** Names the key, not the holders. */
	@Override
	public String toString() {
		return "EtcdReadWriteLock[" + this.prefix + "]";
	}

}
