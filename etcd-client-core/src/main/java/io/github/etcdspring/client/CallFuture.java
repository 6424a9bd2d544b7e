/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

import org.jspecify.annotations.Nullable;

/**
 * What a user has of a call: completes as it does, on an executor. A user who fails or
 * cancels it cancels the call. It is its own task, since there is one for each call.
 */
final class CallFuture<T> extends CompletableFuture<T> implements Runnable {

	private final CompletableFuture<T> call;

	/** How the call ended; written before the executor is asked. */
	private @Nullable T value;

	private @Nullable Throwable failure;

	CallFuture(CompletableFuture<T> call, Executor executor) {
		this.call = call;
		call.whenComplete((value, failure) -> {
			this.value = value;
			this.failure = failure;
			executor.execute(this);
		});
	}

	@Override
	public void run() {
		if (this.failure != null) {
			super.completeExceptionally(this.failure);
		}
		else {
			complete(this.value);
		}
	}

	@Override
	public boolean completeExceptionally(Throwable failure) {
		boolean completed = super.completeExceptionally(failure);
		if (completed) {
			this.call.cancel(true);
		}
		return completed;
	}

	@Override
	public boolean cancel(boolean mayInterruptIfRunning) {
		boolean cancelled = super.cancel(mayInterruptIfRunning);
		this.call.cancel(true);
		return cancelled;
	}

	/** What is made of it is an ordinary future. */
	@Override
	public <U> CompletableFuture<U> newIncompleteFuture() {
		return new CompletableFuture<>();
	}

}
