/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.recipes;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

import io.github.etcdspring.KeyRange;
import io.github.etcdspring.KeyValue;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.kv.Compare;
import io.github.etcdspring.internal.HandedOff;
import io.github.etcdspring.internal.OwnSteps;
import io.github.etcdspring.kv.DeleteRequest;
import io.github.etcdspring.kv.RangeRequest;
import io.github.etcdspring.kv.RangeResult;
import io.github.etcdspring.kv.TxnResult;
import io.github.etcdspring.watch.WatchRequest;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The taking of one element of a queue. The first element's key is read, then deleted if
 * it is unchanged: whoever deletes it has it. As long as a deletion is under way this
 * future cannot be cancelled, and its time not be up, since the element would be lost:
 * the wish is remembered until it is known that nothing was taken.
 *
 * @param <T> what it completes with
 */
final class Dequeue<T> extends HandedOff<T> {

	private static final Logger logger = LoggerFactory.getLogger(Dequeue.class);

	private final EtcdClient client;

	private final RangeRequest first;

	private final Function<KeyValue, T> result;

	/** Guards the fields below; never held while anything waits or user code runs. */
	private final ReentrantLock lock = new ReentrantLock();

	private boolean taking;

	private boolean over;

	/** Ends this once it is known that nothing was taken. */
	private @Nullable Runnable ending;

	private Dequeue(EtcdClient client, RangeRequest first, Function<KeyValue, T> result) {
		super(OwnSteps.usersOf(client));
		this.client = client;
		this.first = first;
		this.result = result;
	}

	/** Waits for an element for as long as it takes. */
	static CompletableFuture<KeyValue> waiting(EtcdClient client, RangeRequest first) {
		Dequeue<KeyValue> dequeue = new Dequeue<>(client, first, Function.identity());
		dequeue.follow(WaitLoop.patient(client, dequeue::look, dequeue::takeOrWait));
		return dequeue;
	}

	/** Waits for an element for a time. */
	static CompletableFuture<Optional<KeyValue>> timed(EtcdClient client, RangeRequest first, Duration wait) {
		Dequeue<Optional<KeyValue>> dequeue = new Dequeue<>(client, first, Optional::of);
		Future<?> timer = TimeLimit.set(client, wait, () -> dequeue.end(() -> dequeue.complete(Optional.empty())));
		dequeue.whenComplete((element, failure) -> timer.cancel(false));
		dequeue.follow(WaitLoop.patient(client, dequeue::look, dequeue::takeOrWait));
		return dequeue;
	}

	/** Takes an element if there is one. */
	static CompletableFuture<Optional<KeyValue>> ifAny(EtcdClient client, RangeRequest first) {
		Dequeue<Optional<KeyValue>> dequeue = new Dequeue<>(client, first, Optional::of);
		dequeue.follow(WaitLoop.impatient(client, dequeue::look,
				(found) -> found.first().map(dequeue::take).orElseGet(() -> new Step.Done<>(Optional.empty()))));
		return dequeue;
	}

	private void follow(CompletableFuture<T> loop) {
		follow(HandedOff.direct(loop), Function.identity(), (late) -> {
		});
	}

	private CompletableFuture<RangeResult> look() {
		return this.client.kv().getAsync(this.first);
	}

	private Step<T> takeOrWait(RangeResult found) {
		WatchRequest next = WatchRequest.of(this.first.range()).withoutDeletes().from(found.revision() + 1);
		return found.first().map(this::take).orElseGet(() -> new Step.Await<>(next, (put) -> true));
	}

	private Step<T> take(KeyValue element) {
		return new Step.ActOnce<>(() -> delete(element), (taken) -> taken.map(this.result));
	}

	private CompletableFuture<Optional<KeyValue>> delete(KeyValue element) {
		if (!beginTaking()) {
			return new CompletableFuture<>();
		}
		CompletableFuture<Optional<KeyValue>> taken = new CompletableFuture<>();
		KeyRange key = KeyRange.key(element.key());
		this.client.kv()
			.txn()
			.when(Compare.modRevision(key, Compare.Relation.EQUAL, element.modRevision()))
			.then(DeleteRequest.of(key).withPrevious())
			.commitAsync()
			.whenComplete((deleted, failure) -> {
				if (failure == null) {
					taken.complete(taken(deleted));
				}
				else {
					failed(element, failure);
					taken.completeExceptionally(failure);
				}
			});
		return taken;
	}

	private Optional<KeyValue> taken(TxnResult deleted) {
		if (!deleted.succeeded()) {
			nothingTaken();
			return Optional.empty();
		}
		List<KeyValue> previous = deleted.delete(0).previous();
		if (isDone()) {
			logger.warn("{} was taken off its queue by one that had ended by other means", previous.get(0).key());
		}
		return Optional.of(previous.get(0));
	}

	private void failed(KeyValue element, Throwable failure) {
		if (WaitLoop.isUnknown(failure)) {
			logger.warn("{} may have been taken off its queue: {}", element.key(), failure.getMessage());
		}
		else {
			nothingTaken();
		}
	}

	private boolean beginTaking() {
		this.lock.lock();
		try {
			this.taking = !this.over;
			return this.taking;
		}
		finally {
			this.lock.unlock();
		}
	}

	private void nothingTaken() {
		Runnable ending;
		this.lock.lock();
		try {
			this.taking = false;
			ending = this.ending;
			this.over |= ending != null;
		}
		finally {
			this.lock.unlock();
		}
		if (ending != null) {
			handOver(ending);
		}
	}

	/** Whether this may end now; else it ends once it is known that nothing was taken. */
	private boolean mayEnd(Runnable ending) {
		this.lock.lock();
		try {
			if (this.taking) {
				this.ending = ending;
				return false;
			}
			this.over = true;
			return true;
		}
		finally {
			this.lock.unlock();
		}
	}

	private void end(Runnable ending) {
		if (mayEnd(ending)) {
			handOver(ending);
		}
	}

	/**
	 * Ends the wait, unless an element is being taken: then this goes on, and is
	 * cancelled when it is known that nothing was taken.
	 */
	@Override
	public boolean cancel(boolean mayInterruptIfRunning) {
		Runnable ending = () -> super.cancel(mayInterruptIfRunning);
		if (mayEnd(ending)) {
			ending.run();
		}
		return isCancelled();
	}

}
