/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.lease;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

import io.github.etcdspring.EtcdException;
import io.github.etcdspring.LeaseId;

/**
 * etcd's Lease service. Every operation is a pair, with the rules of
 * {@link io.github.etcdspring.kv.KvClient}. Thread-safe.
 */
public interface LeaseClient {

	/**
	 * Grants a lease under an id of this client's choosing, so that a grant repeated
	 * after a broken connection is the same lease.
	 * @param ttl how long the lease lives without being kept alive; at least 1 s, rounded
	 * up to whole seconds
	 * @return the lease; its TTL is the server's choice and may be longer than asked for
	 * @throws IllegalArgumentException if {@code ttl} is not above zero, or above
	 * 9,000,000,000 s
	 * @throws EtcdException if the grant failed
	 */
	LeaseGrant grant(Duration ttl);

	/**
	 * Grants a lease: the asynchronous form of {@link #grant(Duration)}.
	 * @param ttl how long the lease lives without being kept alive
	 * @return the future lease
	 */
	CompletableFuture<LeaseGrant> grantAsync(Duration ttl);

	/**
	 * Grants a lease under an id of the caller's choosing. Fails if there is a lease of
	 * that id; but once an attempt may have made the lease and its answer was lost, the
	 * next one takes a lease of that id, and of no shorter TTL, for the one it asked for,
	 * and renews it.
	 * @param lease the id, not {@link LeaseId#NONE}; it may be negative
	 * @param ttl how long the lease lives without being kept alive; at least 1 s, rounded
	 * up to whole seconds
	 * @return the lease; its TTL is the server's choice and may be longer than asked for
	 * @throws IllegalArgumentException if the id is 0, or {@code ttl} is not above zero
	 * or above 9,000,000,000 s
	 * @throws EtcdException if the grant failed; an
	 * {@link io.github.etcdspring.EtcdRequestException} if the lease exists
	 */
	LeaseGrant grant(LeaseId lease, Duration ttl);

	/**
	 * Grants a lease under an id of the caller's choosing: the asynchronous form of
	 * {@link #grant(LeaseId, Duration)}.
	 * @param lease the id
	 * @param ttl how long the lease lives without being kept alive
	 * @return the future lease
	 */
	CompletableFuture<LeaseGrant> grantAsync(LeaseId lease, Duration ttl);

	/**
	 * Ends a lease and deletes the keys attached to it, at one revision.
	 * @param lease the lease
	 * @return the header of the answer
	 * @throws io.github.etcdspring.LeaseNotFoundException if it does not exist; also when
	 * an attempt whose answer was lost had ended it
	 * @throws EtcdException if the call failed
	 */
	RevokeResult revoke(LeaseId lease);

	/**
	 * Ends a lease: the asynchronous form of {@link #revoke(LeaseId)}.
	 * @param lease the lease
	 * @return the future result
	 */
	CompletableFuture<RevokeResult> revokeAsync(LeaseId lease);

	/**
	 * Asks how long a lease has to live.
	 * @param lease the lease
	 * @return what the server knows of it, without its keys; a lease that does not exist
	 * is not an error
	 * @throws EtcdException if the call failed
	 */
	LeaseTimeToLive timeToLive(LeaseId lease);

	/**
	 * Asks how long a lease has to live: the asynchronous form of
	 * {@link #timeToLive(LeaseId)}.
	 * @param lease the lease
	 * @return the future answer
	 */
	CompletableFuture<LeaseTimeToLive> timeToLiveAsync(LeaseId lease);

	/**
	 * Asks how long a lease has to live, and for its keys. With authentication on, the
	 * user must be allowed to read all of them.
	 * @param lease the lease
	 * @return what the server knows of it; a lease that does not exist is not an error
	 * @throws EtcdException if the call failed
	 */
	LeaseTimeToLive timeToLiveWithKeys(LeaseId lease);

	/**
	 * Asks how long a lease has to live, and for its keys: the asynchronous form of
	 * {@link #timeToLiveWithKeys(LeaseId)}.
	 * @param lease the lease
	 * @return the future answer
	 */
	CompletableFuture<LeaseTimeToLive> timeToLiveWithKeysAsync(LeaseId lease);

	/**
	 * Lists the leases. Not linearizable: the member asked says what it knows.
	 * @return the leases
	 * @throws EtcdException if the call failed; with authentication, later servers such
	 * as 3.5.30 refuse it to users who may not read the keys of all leases
	 */
	LeasesResult leases();

	/**
	 * Lists the leases: the asynchronous form of {@link #leases()}.
	 * @return the future answer
	 */
	CompletableFuture<LeasesResult> leasesAsync();

	/**
	 * Renews a lease once, on a stream of its own. With authentication on, the user must
	 * be allowed to write all keys of the lease.
	 * @param lease the lease
	 * @return the lease as if it had been granted now, for {@link #keepAlive(LeaseGrant)}
	 * too
	 * @throws io.github.etcdspring.LeaseNotFoundException if it does not exist
	 * @throws EtcdException if the call failed
	 */
	LeaseGrant keepAliveOnce(LeaseId lease);

	/**
	 * Renews a lease once: the asynchronous form of {@link #keepAliveOnce(LeaseId)}.
	 * @param lease the lease
	 * @return the future lease
	 */
	CompletableFuture<LeaseGrant> keepAliveOnceAsync(LeaseId lease);

	/**
	 * Begins to keep a lease alive. All leases of a client share one stream; each is
	 * renewed when a third of its TTL has passed since its grant, or the last renewal
	 * that was answered, was sent; a little earlier with others. One that was kept alive
	 * already is so by the new handle alone; the other one ends.
	 * @param grant the lease, just granted or renewed
	 * @return a handle that knows whether the lease can still be relied on
	 */
	KeepAlive keepAlive(LeaseGrant grant);

}
