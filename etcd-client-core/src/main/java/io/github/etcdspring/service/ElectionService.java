/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.service;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;

import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.EtcdException;

/**
 * etcd's Election service. It does <em>not</em> keep the lease alive: when the lease
 * ends, another leads, and nobody says so. It does not outlive its connection either: a
 * campaign ends with the member it waits at. So prefer {@code LeaderElection}, which does
 * all of that and takes part in the same elections.
 * <p>
 * Every operation is a pair, with the rules of {@link io.github.etcdspring.kv.KvClient}.
 * No call but {@link #leader(ByteSequence)} is repeated once it may have had its effect.
 * Thread-safe.
 */
public interface ElectionService {

	/**
	 * Waits for leadership. When the call ends without an answer, by the timeout, by a
	 * cancel or with the connection, the server takes back the candidacy, a little later.
	 * If the exception's outcome is {@link io.github.etcdspring.Outcome#UNKNOWN}, the
	 * election may have been won in that very moment; it is surely left when the lease is
	 * revoked. A lease that leads already goes on leading, with the value of this
	 * request.
	 * @param request which election, and how long to wait
	 * @return what to show to proclaim and to resign
	 * @throws io.github.etcdspring.LeaseNotFoundException if the lease does not exist
	 * @throws io.github.etcdspring.EtcdTimeoutException if others led all the time
	 * @throws EtcdException if the call failed
	 */
	CampaignResult campaign(CampaignRequest request);

	/**
	 * Waits for leadership: the asynchronous form of {@link #campaign(CampaignRequest)}.
	 * @param request which election, and how long to wait
	 * @return the future result; cancelling it gives up the wait
	 */
	CompletableFuture<CampaignResult> campaignAsync(CampaignRequest request);

	/**
	 * Changes the leader's value.
	 * @param leader the leadership
	 * @param value what the leader says of itself from now on
	 * @return the header of the answer
	 * @throws EtcdException if the call failed, or the leadership is over
	 */
	ProclaimResult proclaim(LeaderKey leader, ByteSequence value);

	/**
	 * Changes the leader's value: the asynchronous form of
	 * {@link #proclaim(LeaderKey, ByteSequence)}.
	 * @param leader the leadership
	 * @param value what the leader says of itself from now on
	 * @return the future result
	 */
	CompletableFuture<ProclaimResult> proclaimAsync(LeaderKey leader, ByteSequence value);

	/**
	 * Asks who leads.
	 * @param name the election
	 * @return the leader's key and value
	 * @throws EtcdException if the call failed, or nobody leads
	 */
	LeaderResult leader(ByteSequence name);

	/**
	 * Asks who leads: the asynchronous form of {@link #leader(ByteSequence)}.
	 * @param name the election
	 * @return the future result
	 */
	CompletableFuture<LeaderResult> leaderAsync(ByteSequence name);

	/**
	 * Gives up leadership. Does nothing if it is over.
	 * @param leader the leadership
	 * @return the header of the answer
	 * @throws EtcdException if the call failed
	 */
	ResignResult resign(LeaderKey leader);

	/**
	 * Gives up leadership: the asynchronous form of {@link #resign(LeaderKey)}.
	 * @param leader the leadership
	 * @return the future result
	 */
	CompletableFuture<ResignResult> resignAsync(LeaderKey leader);

	/**
	 * Follows an election: each subscriber gets the leader of now, if there is one, and
	 * every later leader and value in turn; one that was soon replaced may be left out.
	 * Each subscription is a call of its own, which begins with it and goes on until it
	 * is cancelled. It fails when its member does, and then it is time to subscribe
	 * again. Subscribers are called on the client's callback executor.
	 * @param name the election
	 * @return a publisher that does nothing before somebody subscribes
	 */
	Flow.Publisher<LeaderResult> observe(ByteSequence name);

}
