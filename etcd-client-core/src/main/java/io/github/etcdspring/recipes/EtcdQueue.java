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
import io.github.etcdspring.KeyValue;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.internal.BlockingCall;
import io.github.etcdspring.internal.OwnSteps;
import io.github.etcdspring.kv.Compare;
import io.github.etcdspring.kv.PutRequest;
import io.github.etcdspring.kv.RangeRequest.SortTarget;

/**
 * A queue that many processes fill and empty, in the key layout of Go's
 * {@code recipes.Queue}, so that Go programs take part: an element is a key of its own,
 * the name, {@code /} and the nanoseconds since 1970 in decimal, without a lease. The
 * first is the one that was written first, by its modification revision; its name does
 * not matter. An element is taken by deleting its key: by one consumer only.
 * <p>
 * <strong>Not guaranteed</strong>: that an element is processed. It is off the queue once
 * it is taken, and lost with the process that took it. When the answer to the deletion is
 * lost, the dequeue fails with the outcome {@link io.github.etcdspring.Outcome#UNKNOWN}:
 * the element may be off the queue without anybody having it. An enqueue that fails so
 * may have put its element there, and one that is repeated puts it there twice.
 * <p>
 * etcd sorts all elements to find the first: keep the queue short, some thousand elements
 * at most. Each consumer that waits reads when an element comes. Go's takes every key
 * that begins with the name, also of another queue whose name does; this takes only what
 * stands below {@code /}. Thread-safe.
 */
public final class EtcdQueue {

	/** The view for the library's own steps. */
	private final EtcdClient client;

	private final ByteSequence prefix;

	private final QueueConsumer consumer;

	private EtcdQueue(EtcdClient client, ByteSequence prefix) {
		this.client = OwnSteps.of(client);
		this.prefix = prefix;
		this.consumer = new QueueConsumer(this.client, KeyRange.prefix(prefix), SortTarget.MOD);
	}

	/**
	 * Returns the queue of a name.
	 * @param client the client
	 * @param name the key that elements are put under, without {@code /} at its end: what
	 * Go's {@code NewQueue} is given. It must not continue another name after a {@code /}
	 * @return the queue
	 * @throws IllegalArgumentException if the name is empty or ends with {@code /}
	 */
	public static EtcdQueue of(EtcdClient client, String name) {
		return new EtcdQueue(client, RecipeName.checked("queue", name).concat("/"));
	}

	/**
	 * Puts an element at the end of the queue.
	 * @param value what it holds
	 * @return its key
	 * @throws EtcdException if it failed; with the outcome
	 * {@link io.github.etcdspring.Outcome#UNKNOWN} if the element may be in the queue
	 */
	public ByteSequence enqueue(ByteSequence value) {
		return BlockingCall.await(enqueueAsync(value));
	}

	/**
	 * Puts an element at the end of the queue: the asynchronous form of
	 * {@link #enqueue(ByteSequence)}.
	 * @param value what it holds
	 * @return the future key; cancelling it cancels the call, whose outcome is unknown
	 */
	public CompletableFuture<ByteSequence> enqueueAsync(ByteSequence value) {
		// somebody may have chosen the same name: another then
		return WaitLoop.impatient(this.client, () -> CompletableFuture.completedFuture(nextKey()),
				(key) -> new Step.ActOnce<>(() -> this.client.kv()
					.txn()
					.when(Compare.absent(key))
					.then(PutRequest.of(key, value))
					.commitAsync(), (put) -> Optional.of(key).filter((own) -> put.succeeded())));
	}

	private ByteSequence nextKey() {
		return this.prefix.concat(UnixNanos.system().next());
	}

	/**
	 * Takes the first element, and waits for one for as long as it takes. Reads that fail
	 * are repeated while that may help; a deletion whose outcome is unknown never is.
	 * @return the element
	 * @throws InterruptedException if this thread is interrupted, and nothing was taken.
	 * When an element is being taken at that moment it is returned, and the flag set
	 * @throws EtcdException if etcd refused; with the outcome
	 * {@link io.github.etcdspring.Outcome#UNKNOWN} if an element may have been taken off
	 * the queue, which is logged with its key
	 */
	public KeyValue dequeue() throws InterruptedException {
		return this.consumer.dequeue();
	}

	/**
	 * Takes the first element: the asynchronous form of {@link #dequeue()}.
	 * @return a future that completes with the element, on the client's callback
	 * executor. Cancelling it ends the wait; while an element is being taken
	 * {@code cancel} returns {@code false}, so that none is lost, and the future is
	 * cancelled only if nothing was taken. Do not complete it by other means, such as
	 * {@code orTimeout}: an element may be lost
	 */
	public CompletableFuture<KeyValue> dequeueAsync() {
		return this.consumer.dequeueAsync();
	}

	/**
	 * Takes the first element, and waits for one for a time.
	 * @param wait how long; zero or less: as {@link #poll()}. When an element is being
	 * taken as the time is up, its end is waited for, as long as a call may take
	 * @return the element; empty if there was none in time
	 * @throws InterruptedException if this thread is interrupted, and nothing was taken
	 * @throws EtcdException as {@link #dequeue()}
	 */
	public Optional<KeyValue> dequeue(Duration wait) throws InterruptedException {
		return this.consumer.dequeue(wait);
	}

	/**
	 * Takes the first element, and waits for one for a time: the asynchronous form of
	 * {@link #dequeue(Duration)}.
	 * @param wait how long; zero or less: as {@link #pollAsync()}
	 * @return the future element, to be cancelled as that of {@link #dequeueAsync()}
	 */
	public CompletableFuture<Optional<KeyValue>> dequeueAsync(Duration wait) {
		return this.consumer.dequeueAsync(wait);
	}

	/**
	 * Takes the first element if there is one.
	 * @return the element; empty if the queue is
	 * @throws InterruptedException if this thread is interrupted, and nothing was taken
	 * @throws EtcdException if etcd could not be asked, or refused; with the outcome
	 * {@link io.github.etcdspring.Outcome#UNKNOWN} if an element may have been taken
	 */
	public Optional<KeyValue> poll() throws InterruptedException {
		return this.consumer.poll();
	}

	/**
	 * Takes the first element if there is one: the asynchronous form of {@link #poll()}.
	 * @return the future element, to be cancelled as that of {@link #dequeueAsync()}
	 */
	public CompletableFuture<Optional<KeyValue>> pollAsync() {
		return this.consumer.pollAsync();
	}

	/** Names the key, not the elements. */
	@Override
	public String toString() {
		return "EtcdQueue[" + this.prefix + "]";
	}

}
