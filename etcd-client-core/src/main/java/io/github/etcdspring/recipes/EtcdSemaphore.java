/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.recipes;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.EtcdException;
import io.github.etcdspring.KeyRange;
import io.github.etcdspring.LeaseLostException;
import io.github.etcdspring.session.Contender;
import io.github.etcdspring.session.Ownership;
import io.github.etcdspring.session.Session;

/**
 * A number of permits that processes share. Go has no such recipe. Each permit, held or
 * waited for, is a key of its own: the name, {@code /} and the nanoseconds since 1970 in
 * decimal, without a value, attached to the session's lease. Those hold a permit whose
 * keys are among the first by create revision, as many as there are permits. So it is
 * fair: whoever asked first is next.
 * <p>
 * <strong>Not guaranteed</strong>: that no more act at once than there are permits. A
 * permit lives as long as its lease; a process that is paused longer than that, or cut
 * off, has lost it and may not have noticed when it acts. What must not happen then is
 * written in a transaction with {@link Ownership#guard()}. A key that another hand
 * deletes ends the permit as well, and {@link Ownership#isHeld()} does not know of it.
 * <p>
 * How many permits there are is written nowhere: each contender brings its own number. If
 * they disagree, each judges by its own, so that as many may hold at once as the largest
 * number says, and one with a smaller number may wait while others that came later hold.
 * <p>
 * A permit belongs to whoever has the {@link Ownership}, not to a thread, and one session
 * may hold many. Thread-safe.
 */
public final class EtcdSemaphore {

	/** As many names are read by whoever waits. */
	private static final int MOST_PERMITS = 1000;

	private final ByteSequence prefix;

	private final int permits;

	private final Acquisition permit;

	private EtcdSemaphore(Session session, ByteSequence prefix, int permits) {
		this.prefix = prefix;
		this.permits = permits;
		this.permit = new Acquisition(session,
				new Contender(() -> prefix.concat(UnixNanos.system().next()), KeyRange.prefix(prefix), permits));
	}

	/**
	 * Returns the semaphore of a name.
	 * @param session whose lease permits live on
	 * @param name the key that the permits' keys are put under, without {@code /} at its
	 * end. It must not continue another name after a {@code /}
	 * @param permits how many there are, 1 to 1000; the same for all who contend
	 * @return the semaphore
	 * @throws IllegalArgumentException if the name is empty or ends with {@code /}, or
	 * the number is out of its range
	 */
	public static EtcdSemaphore of(Session session, String name, int permits) {
		if (permits < 1 || permits > MOST_PERMITS) {
			throw new IllegalArgumentException("permits: " + permits + " (expected: 1 to " + MOST_PERMITS + ")");
		}
		return new EtcdSemaphore(session, RecipeName.checked("semaphore", name).concat("/"), permits);
	}

	/**
	 * Takes a permit, for as long as it takes.
	 * @return the permit, to be released
	 * @throws InterruptedException if this thread is interrupted; the key is deleted
	 * @throws LeaseLostException if the lease, or the key, was lost meanwhile
	 * @throws EtcdException if etcd refused
	 */
	public Ownership acquire() throws InterruptedException {
		return this.permit.acquire();
	}

	/**
	 * Takes a permit: the asynchronous form of {@link #acquire()}.
	 * @return a future that completes with the permit, on the client's callback executor.
	 * When it is cancelled the key is deleted, and no permit is ever held by it
	 */
	public CompletableFuture<Ownership> acquireAsync() {
		return this.permit.acquireAsync();
	}

	/**
	 * Takes a permit if it can be had within a time. If not, its key is deleted before
	 * this says so. That takes 0.2 s beyond the time at most: where etcd does not answer,
	 * or refuses, it goes on in the background as long as the lease lives.
	 * @param wait how long to wait; zero or less: only if one is free
	 * @return the permit; empty if it could not be had in time, and its key is deleted
	 * @throws InterruptedException if this thread is interrupted; the key is deleted
	 * @throws LeaseLostException if the lease, or the key, was lost meanwhile
	 * @throws EtcdException if etcd could not be asked, or refused
	 */
	public Optional<Ownership> tryAcquire(Duration wait) throws InterruptedException {
		return this.permit.tryAcquire(wait);
	}

	/**
	 * Takes a permit if it can be had within a time: the asynchronous form of
	 * {@link #tryAcquire(Duration)}.
	 * @param wait how long to wait; zero or less: only if one is free
	 * @return the future permit; cancelling it deletes the key
	 */
	public CompletableFuture<Optional<Ownership>> tryAcquireAsync(Duration wait) {
		return this.permit.tryAcquireAsync(wait);
	}

	/** Names the key and the number of permits, not the holders. */
	@Override
	public String toString() {
		return "EtcdSemaphore[" + this.prefix + ", " + this.permits + " permits]";
	}

}
