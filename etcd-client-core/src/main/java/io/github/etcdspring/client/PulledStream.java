/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.util.Objects;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

import io.github.etcdspring.EtcdCancelledException;
import io.github.etcdspring.EtcdException;
import io.github.etcdspring.FailureDetails;
import io.github.etcdspring.Outcome;
import io.github.etcdspring.StatusCode;
import org.jspecify.annotations.Nullable;

/**
 * The blocking form of a publisher: a stream that subscribes when its first item is asked
 * for, holds a few items ahead, and waits for more. One thread reads it; any may close
 * it.
 */
final class PulledStream<T> extends Spliterators.AbstractSpliterator<T> {

	private final Subscribable<T> source;

	private final int ahead;

	/** Bounded by what is asked for, and one end. */
	private final BlockingQueue<Signal<T>> signals = new LinkedBlockingQueue<>();

	private volatile Flow.@Nullable Subscription subscription;

	private volatile boolean closed;

	/** Only from the reading thread, as is the next. */
	private boolean subscribed;

	private @Nullable Signal<T> end;

	private PulledStream(Subscribable<T> source, int ahead) {
		super(Long.MAX_VALUE, Spliterator.ORDERED | Spliterator.NONNULL);
		this.source = source;
		this.ahead = ahead;
	}

	/**
	 * Returns a stream of what a publisher has. It throws an {@link EtcdException} as the
	 * publisher failed, with the reading thread's stack trace; when that thread is
	 * interrupted, an {@link EtcdCancelledException}, with the flag set.
	 * @param source what is read; is not subscribed to before the stream is read
	 * @param ahead how many items are held ahead, above 0
	 * @return a stream to close, unless it is read to its end
	 */
	static <T> Stream<T> of(Subscribable<T> source, int ahead) {
		PulledStream<T> pulled = new PulledStream<>(source, ahead);
		return StreamSupport.stream(pulled, false).onClose(pulled::close);
	}

	@Override
	public boolean tryAdvance(Consumer<? super T> action) {
		Objects.requireNonNull(action, "action");
		Signal<T> signal = (this.end != null) ? this.end : take();
		T item = signal.item();
		if (item != null) {
			action.accept(item);
			return true;
		}
		this.end = signal;
		if (signal.failure() == null) {
			return false;
		}
		if (signal.failure() instanceof EtcdException failure) {
			throw failure.copy();
		}
		throw new IllegalStateException("a stream ended with an unexpected failure", signal.failure());
	}

	private Signal<T> take() {
		try {
			subscribe();
			Signal<T> signal = this.signals.take();
			Flow.Subscription subscription = this.subscription;
			if (signal.item() != null && subscription != null) {
				subscription.request(1);
			}
			return signal;
		}
		catch (InterruptedException ex) {
			close();
			Thread.currentThread().interrupt();
			return new Signal<>(null, cancelled("the thread was interrupted while it waited for the next item", ex));
		}
	}

	/** Its signals never block, so they may come on the connection's thread. */
	private void subscribe() {
		if (!this.subscribed) {
			this.subscribed = true;
			this.source.subscribe(new Receiver(), Runnable::run);
		}
	}

	private void close() {
		this.closed = true;
		Flow.Subscription subscription = this.subscription;
		if (subscription != null) {
			subscription.cancel();
		}
		// whoever waits must not do so for ever, nor take this for the end
		this.signals.add(new Signal<>(null, cancelled("the stream is closed", null)));
	}

	static EtcdCancelledException cancelled(String message, @Nullable Throwable cause) {
		return new EtcdCancelledException(
				new FailureDetails(message, null, StatusCode.CANCELLED, Outcome.NOT_APPLIED, false, null, 1), cause);
	}

	/** An item, a failure, or the end. */
	private record Signal<T>(@Nullable T item, @Nullable Throwable failure) {

	}

	private final class Receiver implements Flow.Subscriber<T> {

		@Override
		public void onSubscribe(Flow.Subscription subscription) {
			PulledStream.this.subscription = subscription;
			if (PulledStream.this.closed) {
				subscription.cancel();
			}
			else {
				subscription.request(PulledStream.this.ahead);
			}
		}

		@Override
		public void onNext(T item) {
			PulledStream.this.signals.add(new Signal<>(item, null));
		}

		@Override
		public void onError(Throwable failure) {
			PulledStream.this.signals.add(new Signal<>(null, failure));
		}

		@Override
		public void onComplete() {
			PulledStream.this.signals.add(new Signal<>(null, null));
		}

	}

}
