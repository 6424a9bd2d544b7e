/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.recipes;

import java.time.Duration;
import java.util.Locale;
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
import io.github.etcdspring.kv.RangeRequest;
import io.github.etcdspring.kv.RangeRequest.SortTarget;
import io.github.etcdspring.kv.RangeResult;
import io.github.etcdspring.kv.TxnResult;

/**
 * A queue in order of priority, in the key layout of Go's {@code recipes.PriorityQueue},
 * so that Go programs take part. An element is a key of its own, without a lease: the
 * name, {@code /}, the priority in five digits, {@code /} and a number in sixteen, one
 * more than that of the last element of its priority. For each priority there is a key
 * that every enqueue writes, {@code __} followed by the name, {@code /} and the priority;
 * it stays. The first element is the one whose key is lowest: that of the lowest number
 * as priority, and of these the one that was enqueued first.
 * <p>
 * <strong>Not guaranteed</strong>: that an element is processed. It is off the queue once
 * it is taken, and lost with the process that took it. When the answer to the deletion is
 * lost, the dequeue fails with the outcome {@link io.github.etcdspring.Outcome#UNKNOWN}:
 * the element may be off the queue without anybody having it. An enqueue that fails so
 * may have put its element there, and one that is repeated puts it there twice. Nor that
 * an element which comes while another is being taken is taken before that one, whatever
 * its priority.
 * <p>
 * Those who enqueue with one priority at the same time get in each other's way, and try
 * again until they succeed. Thread-safe.
 */
public final class EtcdPriorityQueue {

	private static final int LOWEST_PRIORITY = 65535;

	/** The view for the library's own steps. */
	private final EtcdClient client;

	private final ByteSequence prefix;

	private final QueueConsumer consumer;

	private EtcdPriorityQueue(EtcdClient client, ByteSequence prefix) {
		this.client = OwnSteps.of(client);
		this.prefix = prefix;
		this.consumer = new QueueConsumer(this.client, KeyRange.prefix(prefix), SortTarget.KEY);
	}

	/**
	 * Returns the queue of a name.
	 * @param client the client
	 * @param name the key that elements are put under, without {@code /} at its end: what
	 * Go's {@code NewPriorityQueue} is given. It must not continue another name after a
	 * {@code /}
	 * @return the queue
	 * @throws IllegalArgumentException if the name is empty or ends with {@code /}
	 */
	public static EtcdPriorityQueue of(EtcdClient client, String name) {
		return new EtcdPriorityQueue(client, RecipeName.checked("queue", name).concat("/"));
	}

	/**
	 * Puts an element behind all others of its priority.
	 * @param value what it holds
	 * @param priority 0 to 65535; a lower number is taken first
	 * @return its key
	 * @throws IllegalArgumentException if the priority is out of its range
	 * @throws io.github.etcdspring.EtcdRequestException if the last key of the priority
	 * is none that this recipe makes
	 * @throws EtcdException if it failed; with the outcome
	 * {@link io.github.etcdspring.Outcome#UNKNOWN} if the element may be in the queue
	 */
	public ByteSequence enqueue(ByteSequence value, int priority) {
		return BlockingCall.await(enqueueAsync(value, priority));
	}

	/**
	 * Puts an element behind all others of its priority: the asynchronous form of
	 * {@link #enqueue(ByteSequence, int)}.
	 * @param value what it holds
	 * @param priority 0 to 65535; a lower number is taken first
	 * @return the future key; cancelling it cancels the call, whose outcome is unknown
	 * @throws IllegalArgumentException if the priority is out of its range
	 */
	public CompletableFuture<ByteSequence> enqueueAsync(ByteSequence value, int priority) {
		if (priority < 0 || priority > LOWEST_PRIORITY) {
			throw new IllegalArgumentException("priority: " + priority + " (expected: 0 to " + LOWEST_PRIORITY + ")");
		}
		SequenceKey sequence = new SequenceKey(this.prefix.toUtf8() + String.format(Locale.ROOT, "%05d", priority));
		RangeRequest last = RangeRequest.builder(KeyRange.prefix(sequence.prefix()))
			.last(SortTarget.KEY)
			.keysOnly()
			.build();
		return WaitLoop.impatient(this.client, () -> this.client.kv().getAsync(last), (found) -> {
			ByteSequence key = sequence.after(found.first());
			return new Step.ActOnce<>(() -> append(sequence, found, PutRequest.of(key, value)),
					(appended) -> Optional.of(key).filter((own) -> appended.succeeded()));
		});
	}

	/** Succeeds only if nobody has enqueued since the last key was read. */
	private CompletableFuture<TxnResult> append(SequenceKey sequence, RangeResult found, PutRequest element) {
		ByteSequence bookkeeping = sequence.bookkeeping();
		return this.client.kv()
			.txn()
			.when(Compare.modRevision(KeyRange.key(bookkeeping), Compare.Relation.LESS, found.revision() + 1),
					Compare.absent(element.key()))
			.then(PutRequest.of(bookkeeping, ByteSequence.EMPTY), element)
			.commitAsync();
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
		return "EtcdPriorityQueue[" + this.prefix + "]";
	}

}
