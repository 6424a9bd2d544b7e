/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicInteger;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls the methods of a subscriber on an executor, one at a time and in order. What
 * waits is bounded by whoever sends it. A subscriber that throws is called no more, and
 * its subscription is cancelled. Thread-safe.
 */
final class SubscriberSignals<T> {

	private static final Logger logger = LoggerFactory.getLogger(SubscriberSignals.class);

	private final Flow.Subscriber<? super T> subscriber;

	private final Executor executor;

	private final Flow.Subscription subscription;

	private final Queue<Runnable> waiting = new ConcurrentLinkedQueue<>();

	private final AtomicInteger count = new AtomicInteger();

	private volatile boolean stopped;

	SubscriberSignals(Flow.Subscriber<? super T> subscriber, Executor executor, Flow.Subscription subscription) {
		this.subscriber = subscriber;
		this.executor = executor;
		this.subscription = subscription;
	}

	/** Hands over the subscription: the first signal of all. */
	void subscribe() {
		send(() -> this.subscriber.onSubscribe(this.subscription));
	}

	/**
	 * Hands over an item.
	 * @param delivered runs when the subscriber has taken it
	 */
	void next(T item, Runnable delivered) {
		send(() -> {
			this.subscriber.onNext(item);
			delivered.run();
		});
	}

	/** Ends the stream: the last signal, as is {@link #fail(Throwable)}. */
	void complete() {
		send(this.subscriber::onComplete);
	}

	void fail(Throwable failure) {
		send(() -> this.subscriber.onError(failure));
	}

	/** Sends nothing more, not even what waits. */
	void stop() {
		this.stopped = true;
	}

	private void send(Runnable signal) {
		this.waiting.add(signal);
		if (this.count.getAndIncrement() == 0) {
			this.executor.execute(this::run);
		}
	}

	private void run() {
		do {
			Runnable signal = this.waiting.poll();
			if (signal != null && !this.stopped) {
				perform(signal);
			}
		}
		while (this.count.decrementAndGet() != 0);
	}

	private void perform(Runnable signal) {
		try {
			signal.run();
		}
		catch (Throwable ex) {
			logger.warn("a subscriber failed, its subscription is cancelled", ex);
			stop();
			this.subscription.cancel();
		}
	}

}
