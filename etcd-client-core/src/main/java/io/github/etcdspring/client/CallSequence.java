/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

/**
 * Calls that follow one another and are one call to whoever waits for them: they share
 * its time, and the one under way is cancelled with it. Its steps are begun one after the
 * other; thread-safe otherwise.
 */
final class CallSequence<T> {

	private final Calls calls;

	private final long deadlineNanos;

	private final CompletableFuture<T> result = new CompletableFuture<>();

	/** Written by the thread that begins a step. */
	private volatile @Nullable CompletableFuture<?> current;

	/**
	 * Begins a sequence.
	 * @param calls makes its calls; all together may take as long as one of these
	 */
	CallSequence(Calls calls) {
		this.calls = calls;
		this.deadlineNanos = calls.channel().ticker().nanoTime() + calls.timeout().toNanos();
		this.result.whenComplete((value, failure) -> cancelCurrent());
	}

	/** Returns calls for the next step, which have as much time as is left. */
	Calls calls() {
		long remaining = this.deadlineNanos - this.calls.channel().ticker().nanoTime();
		return this.calls.withTimeout(Duration.ofNanos(Math.max(0, remaining)));
	}

	/** Takes a step; its failure is that of the sequence. */
	<S> void step(CompletableFuture<S> call, Consumer<? super S> next) {
		step(call, next, this::fail);
	}

	/** Takes a step that may fail without ending the sequence. */
	<S> void step(CompletableFuture<S> call, Consumer<? super S> next, Consumer<Throwable> otherwise) {
		this.current = call;
		if (this.result.isDone()) {
			cancelCurrent();
		}
		call.whenComplete((value, failure) -> {
			try {
				if (failure == null) {
					next.accept(value);
				}
				else {
					otherwise.accept(failure);
				}
			}
			catch (Throwable ex) {
				// nobody else ends the sequence
				fail(ex);
			}
		});
	}

	private void cancelCurrent() {
		CompletableFuture<?> call = this.current;
		if (call != null) {
			call.cancel(true);
		}
	}

	void complete(T value) {
		this.result.complete(value);
	}

	void fail(Throwable failure) {
		this.result.completeExceptionally(failure);
	}

	CompletableFuture<T> result() {
		return this.result;
	}

}
