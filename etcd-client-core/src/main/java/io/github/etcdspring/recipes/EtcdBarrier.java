/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.recipes;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

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
 * A barrier that one process holds and releases, and others wait at, in the key layout of
 * Go's {@code recipes.Barrier}: it is held while the key of its name exists, which has no
 * value and no lease.
 * <p>
 * <strong>Not guaranteed</strong>: that it is ever released. It outlives the process that
 * holds it, and anybody may release it. Whoever comes before it is held, or after it is
 * released, does not wait; whoever waits when it is released goes on, though it may be
 * held again meanwhile. Thread-safe.
 */
public final class EtcdBarrier {

	/** The view for the library's own steps. */
	private final EtcdClient client;

	private final KeyRange key;

	private EtcdBarrier(EtcdClient client, KeyRange key) {
		this.client = OwnSteps.of(client);
		this.key = key;
	}

	/**
	 * Returns the barrier of a name.
	 * @param client the client
	 * @param name the barrier's key, without {@code /} at its end: what Go's
	 * {@code NewBarrier} is given
	 * @return the barrier
	 * @throws IllegalArgumentException if the name is empty or ends with {@code /}
	 */
	public static EtcdBarrier of(EtcdClient client, String name) {
		return new EtcdBarrier(client, KeyRange.key(RecipeName.checked("barrier", name)));
	}

	/**
	 * Holds the barrier: whoever waits from now on waits until it is released.
	 * @return whether this call did it; {@code false} if it was held already
	 * @throws EtcdException if it failed; with the outcome
	 * {@link io.github.etcdspring.Outcome#UNKNOWN} if the barrier may be held
	 */
	public boolean hold() {
		return BlockingCall.await(holdAsync());
	}

	/**
	 * Holds the barrier: the asynchronous form of {@link #hold()}.
	 * @return whether this call did it
	 */
	public CompletableFuture<Boolean> holdAsync() {
		ByteSequence key = this.key.start();
		return commit(this.client.kv().txn().when(Compare.absent(key)).then(PutRequest.of(key, ByteSequence.EMPTY)),
				TxnResult::succeeded);
	}

	private CompletableFuture<Boolean> commit(Txn txn, Function<TxnResult, Boolean> result) {
		return HandedOff.of(txn.commitAsync(), result, OwnSteps.usersOf(this.client), (late) -> {
		});
	}

	/**
	 * Releases the barrier, whoever holds it: all who wait go on.
	 * @return whether it was held
	 * @throws EtcdException if it failed; with the outcome
	 * {@link io.github.etcdspring.Outcome#UNKNOWN} if the barrier may be released
	 */
	public boolean release() {
		return BlockingCall.await(releaseAsync());
	}

	/**
	 * Releases the barrier: the asynchronous form of {@link #release()}.
	 * @return whether it was held
	 */
	public CompletableFuture<Boolean> releaseAsync() {
		return commit(this.client.kv().txn().then(DeleteRequest.of(this.key)),
				(deleted) -> deleted.delete(0).deleted() > 0);
	}

	/**
	 * Waits until the barrier is not held, for as long as it takes.
	 * @throws InterruptedException if this thread is interrupted
	 * @throws EtcdException if etcd refused
	 */
	public void await() throws InterruptedException {
		BlockingCall.await(awaitAsync(), (opened) -> {
		});
	}

	/**
	 * Waits until the barrier is not held: the asynchronous form of {@link #await()}.
	 * @return a future that completes with {@code true}, on the client's callback
	 * executor; cancelling it ends the wait
	 */
	public CompletableFuture<Boolean> awaitAsync() {
		return BarrierWait.untilAbsent(this.client, this.key);
	}

	/**
	 * Waits until the barrier is not held, for a time.
	 * @param wait how long
	 * @return whether it is not held; {@code false} if the time was up before
	 * @throws InterruptedException if this thread is interrupted
	 * @throws EtcdException if etcd refused
	 */
	public boolean await(Duration wait) throws InterruptedException {
		return BlockingCall.await(awaitAsync(wait), (opened) -> {
		});
	}

	/**
	 * Waits until the barrier is not held, for a time: the asynchronous form of
	 * {@link #await(Duration)}.
	 * @param wait how long
	 * @return whether it is not held
	 */
	public CompletableFuture<Boolean> awaitAsync(Duration wait) {
		return BarrierWait.untilAbsent(this.client, this.key, wait);
	}

	/** Names the key. */
	@Override
	public String toString() {
		return "EtcdBarrier[" + this.key.start() + "]";
	}

}
