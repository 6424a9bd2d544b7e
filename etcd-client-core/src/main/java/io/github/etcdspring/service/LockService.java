/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.service;

import java.util.concurrent.CompletableFuture;

import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.EtcdException;

/**
 * etcd's Lock service. It does <em>not</em> keep the lease alive: when the lease ends,
 * the lock is another's, and nobody says so. It does not outlive its connection either: a
 * call that waits ends with the member it waits at. And it gives no fencing token. So
 * prefer {@code EtcdLock}, which does all of that and contends for the same locks.
 * <p>
 * Every operation is a pair, with the rules of {@link io.github.etcdspring.kv.KvClient}.
 * No call is repeated once it may have had its effect. Thread-safe.
 */
public interface LockService {

	/**
	 * Waits for a lock. When the call ends without an answer, by the timeout, by a cancel
	 * or with the connection, the server gives up the place in the queue, a little later,
	 * and by the name of the lease: so try again under another one. If the exception's
	 * outcome is {@link io.github.etcdspring.Outcome#UNKNOWN}, the lock may have been won
	 * in that very moment; it is surely free when the lease is revoked. Where
	 * authentication is on, the place is kept until the lease ends: revoke it.
	 * @param request which lock, and how long to wait
	 * @return the key that holds the lock as long as it exists
	 * @throws io.github.etcdspring.LeaseNotFoundException if the lease does not exist
	 * @throws io.github.etcdspring.EtcdTimeoutException if others had the lock all the
	 * time
	 * @throws EtcdException if the call failed, or the lease ended during the wait; etcd
	 * 3.4 does not notice that, and answers with a key that is gone
	 */
	LockResult lock(LockRequest request);

	/**
	 * Waits for a lock: the asynchronous form of {@link #lock(LockRequest)}.
	 * @param request which lock, and how long to wait
	 * @return the future result; cancelling it gives up the wait
	 */
	CompletableFuture<LockResult> lockAsync(LockRequest request);

	/**
	 * Gives a lock back: deletes a key, whichever it is, and does not fail if there is
	 * none.
	 * @param key the key that the lock returned
	 * @return the header of the answer
	 * @throws IllegalArgumentException if the key is empty
	 * @throws EtcdException if the call failed
	 */
	UnlockResult unlock(ByteSequence key);

	/**
	 * Gives a lock back: the asynchronous form of {@link #unlock(ByteSequence)}.
	 * @param key the key that the lock returned
	 * @return the future result
	 */
	CompletableFuture<UnlockResult> unlockAsync(ByteSequence key);

}
