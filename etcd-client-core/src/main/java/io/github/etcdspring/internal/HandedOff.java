/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.internal;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

/**
 * What a user has of a future of this library's: it completes on the callback executor,
 * so that what users chain to it holds up no step, and when it is completed by any other
 * hand what it is made of is cancelled. Thread-safe.
 *
 * @param <T> what it completes with
 */
public class HandedOff<T> extends CompletableFuture<T> {

	private final Executor executor;

	/** Completes once nothing is left of what was begun for this, after its end. */
	private final CompletableFuture<?> cleared;

	/** Whether it completes where its source does. */
	private volatile boolean direct;

	/** The last completion that was handed to the executor. */
	private volatile @Nullable Runnable handedOver;

	/**
	 * Makes one that follows nothing yet.
	 * @param executor where it completes
	 */
	protected HandedOff(Executor executor) {
		this(executor, completedFuture(null));
	}

	private HandedOff(Executor executor, CompletableFuture<?> cleared) {
		this.executor = executor;
		this.cleared = cleared;
	}

	/**
	 * Returns the future of a source.
	 * @param <T> what it completes with
	 * @param source completes where the library's steps are made
	 * @param executor where the future completes
	 * @param late takes what came when the future had been completed otherwise
	 * @return the future
	 */
	public static <T> CompletableFuture<T> of(CompletableFuture<T> source, Executor executor, Consumer<T> late) {
		return of(source, Function.identity(), executor, late);
	}

	/**
	 * Returns the future of what is made of a source.
	 * @param <A> what the source completes with
	 * @param <T> what it completes with
	 * @param source completes where the library's steps are made
	 * @param result makes the result; what it throws is the reason of a failure
	 * @param executor where the future completes
	 * @param late takes what came when the future had been completed otherwise
	 * @return the future
	 */
	public static <A, T> CompletableFuture<T> of(CompletableFuture<A> source, Function<A, T> result, Executor executor,
			Consumer<T> late) {
		return of(source, result, executor, late, completedFuture(null));
	}

	/**
	 * Returns the future of what is made of a source that leaves something behind when it
	 * is given up.
	 * @param <A> what the source completes with
	 * @param <T> what it completes with
	 * @param source completes where the library's steps are made
	 * @param result makes the result; what it throws is the reason of a failure
	 * @param executor where the future completes
	 * @param late takes what came when the future had been completed otherwise
	 * @param cleared completes once nothing is left
	 * @return the future
	 */
	public static <A, T> CompletableFuture<T> of(CompletableFuture<A> source, Function<A, T> result, Executor executor,
			Consumer<T> late, CompletableFuture<?> cleared) {
		HandedOff<T> handedOff = new HandedOff<>(executor, cleared);
		handedOff.follow(source, result, late);
		return handedOff;
	}

	/**
	 * Returns when nothing is left of what was begun for a future that was given up.
	 * @param future the future
	 * @return completes then; never, maybe, if it was not given up
	 */
	public static CompletableFuture<?> cleared(CompletableFuture<?> future) {
		return (future instanceof HandedOff<?> handedOff) ? handedOff.cleared : completedFuture(null);
	}

	/**
	 * Returns a future of a source that has others, and is not cancelled by any of them.
	 * @param <T> what it completes with
	 * @param source completes where the library's steps are made
	 * @param executor where the future completes
	 * @return the future
	 */
	public static <T> CompletableFuture<T> ofShared(CompletableFuture<T> source, Executor executor) {
		HandedOff<T> handedOff = new HandedOff<>(executor);
		handedOff.take(source, Function.identity(), (late) -> {
		});
		return handedOff;
	}

	/**
	 * Lets a future complete where its source does: for the one who asked for it, has
	 * given it to nobody, and waits for it or builds on it. The future of a call
	 * completes where the call ends then, mostly on the connection's thread, unless the
	 * call has ended before: what is chained to it blocks nothing.
	 * @param <T> what it completes with
	 * @param future the future
	 * @return the same future
	 */
	public static <T> CompletableFuture<T> direct(CompletionStage<T> future) {
		if (future instanceof HandedOff<T> handedOff) {
			handedOff.goDirect();
		}
		else if (future instanceof Redirectable call) {
			call.goDirect();
		}
		return future.toCompletableFuture();
	}

	/**
	 * Follows a source; called once.
	 * @param <A> what the source completes with
	 * @param source completes where the library's steps are made
	 * @param result makes the result
	 * @param late takes what came when this had been completed otherwise
	 */
	protected final <A> void follow(CompletableFuture<A> source, Function<A, T> result, Consumer<T> late) {
		take(source, result, late);
		whenComplete((value, failure) -> {
			source.cancel(false);
			settleNow();
		});
	}

	private <A> void take(CompletableFuture<A> source, Function<A, T> result, Consumer<T> late) {
		source.whenComplete((answer, failure) -> handOver(() -> settle(answer, failure, result, late)));
	}

	private <A> void settle(A answer, @Nullable Throwable failure, Function<A, T> result, Consumer<T> late) {
		if (failure != null) {
			completeExceptionally(failure);
			return;
		}
		T value;
		try {
			value = result.apply(answer);
		}
		catch (RuntimeException ex) {
			completeExceptionally(ex);
			return;
		}
		if (!complete(value)) {
			// given up at the very moment: nobody knows of it
			late.accept(value);
		}
	}

	/**
	 * Completes this where it is to be completed.
	 * @param completion completes it; run once
	 */
	protected final void handOver(Runnable completion) {
		AtomicBoolean begun = new AtomicBoolean();
		Runnable once = () -> {
			if (begun.compareAndSet(false, true)) {
				completion.run();
			}
		};
		this.handedOver = once;
		if (this.direct || isDone()) {
			once.run();
		}
		else {
			this.executor.execute(once);
		}
	}

	private void goDirect() {
		this.direct = true;
		settleNow();
	}

	/**
	 * Does not wait for the executor: what came for a future that was given up must not
	 * stay anybody's until a thread is free.
	 */
	private void settleNow() {
		Runnable handedOver = this.handedOver;
		if (handedOver != null) {
			handedOver.run();
		}
	}

}
