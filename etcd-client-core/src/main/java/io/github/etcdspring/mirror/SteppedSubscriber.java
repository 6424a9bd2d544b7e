/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.mirror;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Flow;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

/**
 * Takes one item after the other: asks for the next when what it does with one is done.
 * Its end is that of the publisher, once the last step is done, or that of a step which
 * failed. Thread-safe.
 */
final class SteppedSubscriber<T> implements Flow.Subscriber<T> {

	private final Function<T, CompletableFuture<Void>> step;

	private final CompletableFuture<Void> done = new CompletableFuture<>();

	/** Written by the publisher's signals, one at a time. */
	private volatile CompletableFuture<Void> last = CompletableFuture.completedFuture(null);

	private volatile boolean cancelled;

	private volatile Flow.@Nullable Subscription subscription;

	SteppedSubscriber(Function<T, CompletableFuture<Void>> step) {
		this.step = step;
	}

	/** Fails with the bare reason; never completes after {@link #cancel()}. */
	CompletableFuture<Void> done() {
		return this.done;
	}

	@Override
	public void onSubscribe(Flow.Subscription subscription) {
		this.subscription = subscription;
		if (this.cancelled) {
			subscription.cancel();
		}
		else {
			subscription.request(1);
		}
	}

	@Override
	public void onNext(T item) {
		if (this.cancelled) {
			return;
		}
		CompletableFuture<Void> step = begin(item);
		this.last = step;
		step.whenComplete((nothing, failure) -> {
			Flow.Subscription subscription = this.subscription;
			if (failure != null) {
				cancelSubscription();
				end(failure);
			}
			else if (subscription != null && !this.cancelled) {
				subscription.request(1);
			}
		});
	}

	/** A publisher would take no notice of what is thrown. */
	private CompletableFuture<Void> begin(T item) {
		try {
			return this.step.apply(item);
		}
		catch (Throwable ex) {
			return CompletableFuture.failedFuture(ex);
		}
	}

	@Override
	public void onError(Throwable failure) {
		this.last.whenComplete((nothing, stepFailure) -> end((stepFailure != null) ? stepFailure : failure));
	}

	@Override
	public void onComplete() {
		this.last.whenComplete((nothing, failure) -> end(failure));
	}

	private void end(@Nullable Throwable failure) {
		if (this.cancelled) {
			return;
		}
		if (failure == null) {
			this.done.complete(null);
		}
		else {
			this.done.completeExceptionally(bare(failure));
		}
	}

	static Throwable bare(Throwable failure) {
		return (failure instanceof CompletionException && failure.getCause() != null) ? failure.getCause() : failure;
	}

	/** Takes nothing more, and does not end. */
	void cancel() {
		this.cancelled = true;
		cancelSubscription();
	}

	private void cancelSubscription() {
		Flow.Subscription subscription = this.subscription;
		if (subscription != null) {
			subscription.cancel();
		}
	}

}
