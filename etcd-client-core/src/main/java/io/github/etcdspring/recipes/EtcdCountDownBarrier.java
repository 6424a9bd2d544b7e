/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.recipes;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.EtcdException;
import io.github.etcdspring.KeyRange;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.internal.BlockingCall;
import io.github.etcdspring.internal.HandedOff;
import io.github.etcdspring.internal.OwnSteps;
import io.github.etcdspring.kv.Compare;
import io.github.etcdspring.kv.DeleteRequest;
import io.github.etcdspring.kv.PutRequest;
import io.github.etcdspring.kv.Txn;
import io.github.etcdspring.kv.TxnResult;

/**
 * A barrier that opens when as many parties have counted as it was held for. Go has no
 * such recipe, but Go's {@code Barrier} of the same name waits at it: it is held while
 * the key of its name exists. That key's value is how many have still to count, in
 * decimal; each party that has counted has a key without a value, the name, {@code /} and
 * the party's name. None has a lease. The count that reaches zero deletes all of them in
 * one transaction.
 * <p>
 * <strong>Not guaranteed</strong>: that it ever opens. It outlives the process that holds
 * it; a party that dies before it counts is missing, one that dies afterwards has
 * counted. Whoever waits before it is held does not wait. Thread-safe.
 */
public final class EtcdCountDownBarrier {

	/** The view for the library's own steps. */
	private final EtcdClient client;

	private final KeyRange key;

	private final ByteSequence parties;

	private EtcdCountDownBarrier(EtcdClient client, ByteSequence key) {
		this.client = OwnSteps.of(client);
		this.key = KeyRange.key(key);
		this.parties = key.concat("/");
	}

	/**
	 * Returns the barrier of a name.
	 * @param client the client
	 * @param name the barrier's key, without {@code /} at its end. It must not continue
	 * another name after a {@code /}
	 * @return the barrier
	 * @throws IllegalArgumentException if the name is empty or ends with {@code /}
	 */
	public static EtcdCountDownBarrier of(EtcdClient client, String name) {
		return new EtcdCountDownBarrier(client, RecipeName.checked("barrier", name));
	}

	/**
	 * Holds the barrier: whoever waits from now on waits until it opens.
	 * @param count how many parties must count, at least 1
	 * @return whether this call did it; {@code false} if it was held already, for
	 * whatever count
	 * @throws IllegalArgumentException if the count is below 1
	 * @throws EtcdException if it failed; with the outcome
	 * {@link io.github.etcdspring.Outcome#UNKNOWN} if the barrier may be held
	 */
	public boolean hold(int count) {
		return BlockingCall.await(holdAsync(count));
	}

	/**
	 * Holds the barrier: the asynchronous form of {@link #hold(int)}.
	 * @param count how many parties must count, at least 1
	 * @return whether this call did it
	 * @throws IllegalArgumentException if the count is below 1
	 */
	public CompletableFuture<Boolean> holdAsync(int count) {
		if (count < 1) {
			throw new IllegalArgumentException("count: " + count + " (expected: at least 1)");
		}
		ByteSequence key = this.key.start();
		// parties are left when Go's Barrier has released it
		Txn hold = this.client.kv()
			.txn()
			.when(Compare.absent(key))
			.then(DeleteRequest.of(KeyRange.prefix(this.parties)),
					PutRequest.of(key, ByteSequence.of(Integer.toString(count))));
		return HandedOff.of(hold.commitAsync(), TxnResult::succeeded, OwnSteps.usersOf(this.client), (late) -> {
		});
	}

	/**
	 * Counts for a party, which counts once however often this is called: it may be
	 * repeated when it fails.
	 * @param party its name, unlike that of any other; not empty
	 * @return how many parties have still to count; 0 if the barrier is open
	 * @throws IllegalArgumentException if the party's name is empty
	 * @throws io.github.etcdspring.EtcdRequestException if the barrier's key holds no
	 * count, as that of Go's {@code Barrier}
	 * @throws EtcdException if it failed; with the outcome
	 * {@link io.github.etcdspring.Outcome#UNKNOWN} if the party may have counted
	 */
	public int countDown(String party) {
		return BlockingCall.await(countDownAsync(party));
	}

	/**
	 * Counts for a party: the asynchronous form of {@link #countDown(String)}.
	 * @param party its name, unlike that of any other; not empty
	 * @return how many parties have still to count; 0 if the barrier is open
	 * @throws IllegalArgumentException if the party's name is empty
	 */
	public CompletableFuture<Integer> countDownAsync(String party) {
		if (party.isEmpty()) {
			throw new IllegalArgumentException("party: '' (expected: at least one character)");
		}
		CountDown countDown = new CountDown(this.client, this.key, this.parties, this.parties.concat(party));
		return WaitLoop.impatient(this.client, countDown::look, countDown::next);
	}

	/**
	 * Asks how many parties have still to count. Linearizable.
	 * @return the number; 0 if the barrier is open
	 * @throws io.github.etcdspring.EtcdRequestException if the barrier's key holds no
	 * count
	 * @throws EtcdException if etcd could not be asked
	 */
	public int count() {
		return BlockingCall.await(countAsync());
	}

	/**
	 * Asks how many parties have still to count: the asynchronous form of
	 * {@link #count()}.
	 * @return the number; 0 if the barrier is open
	 */
	public CompletableFuture<Integer> countAsync() {
		return WaitLoop.impatient(this.client, () -> this.client.kv().getAsync(this.key),
				(found) -> new Step.Done<>(found.first().map(CountDown::countOf).orElse(0)));
	}

	/**
	 * Waits until the barrier is open, for as long as it takes.
	 * @throws InterruptedException if this thread is interrupted
	 * @throws EtcdException if etcd refused
	 */
	public void await() throws InterruptedException {
		BlockingCall.await(awaitAsync(), (opened) -> {
		});
	}

	/**
	 * Waits until the barrier is open: the asynchronous form of {@link #await()}.
	 * @return a future that completes with {@code true}, on the client's callback
	 * executor; cancelling it ends the wait
	 */
	public CompletableFuture<Boolean> awaitAsync() {
		return BarrierWait.untilAbsent(this.client, this.key);
	}

	/**
	 * Waits until the barrier is open, for a time.
	 * @param wait how long
	 * @return whether it is open; {@code false} if the time was up before
	 * @throws InterruptedException if this thread is interrupted
	 * @throws EtcdException if etcd refused
	 */
	public boolean await(Duration wait) throws InterruptedException {
		return BlockingCall.await(awaitAsync(wait), (opened) -> {
		});
	}

	/**
	 * Waits until the barrier is open, for a time: the asynchronous form of
	 * {@link #await(Duration)}.
	 * @param wait how long
	 * @return whether it is open
	 */
	public CompletableFuture<Boolean> awaitAsync(Duration wait) {
		return BarrierWait.untilAbsent(this.client, this.key, wait);
	}

	/** Names the key, not the count. */
	@Override
	public String toString() {
		return "EtcdCountDownBarrier[" + this.key.start() + "]";
	}

}
