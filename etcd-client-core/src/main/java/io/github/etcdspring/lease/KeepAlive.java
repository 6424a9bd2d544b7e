/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.lease;

import java.time.Duration;
import java.util.concurrent.CompletionStage;

import io.github.etcdspring.LeaseId;

/**
 * A lease that this client keeps alive. It is <em>alive</em> from the grant until the
 * server says it is gone, or its local deadline passes, whichever comes first; then it is
 * ended for good. The local deadline is counted on the monotonic clock from the moment
 * the last answered renewal was <em>sent</em>, plus the TTL, less a margin of a tenth of
 * it, at most a second. So the end is known here before the server can have ended the
 * lease, also when no member can be reached, and also after this process was paused: the
 * first question after it wakes is answered with the truth. Thread-safe.
 * <p>
 * Not guaranteed: that a thread which was told "alive" acts before the deadline. What
 * must never act on a lost lease compares a fencing token where it writes.
 */
public interface KeepAlive extends AutoCloseable {

	/**
	 * Returns the lease.
	 * @return its id
	 */
	LeaseId lease();

	/**
	 * Returns the TTL the server granted.
	 * @return the TTL
	 */
	Duration ttl();

	/**
	 * Whether the lease can be relied on now. Once {@code false}, always {@code false}.
	 * @return whether it has not ended and its local deadline has not passed
	 */
	boolean isAlive();

	/**
	 * Returns how long the lease can be relied on if no renewal succeeds any more.
	 * @return the time to the local deadline; zero if the lease has ended
	 */
	Duration remaining();

	/**
	 * Returns the end of this keep-alive.
	 * @return a stage that completes once, on the client's callback executor, with the
	 * reason
	 */
	CompletionStage<LeaseEnd> end();

	/**
	 * Stops renewing and ends this keep-alive with {@link LeaseEnd#STOPPED}. The lease is
	 * not revoked: it expires when its TTL has passed. Does nothing if it has ended.
	 */
	@Override
	void close();

}
