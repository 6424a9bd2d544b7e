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
 * cancels it cancels the call. It is its own task, since there is one for each call, and
 * once it has run it holds its result alone. Thread-safe.
 */
final class CallFuture<T> extends CompletableFuture<T> implements Runnable {

	/** An ended call that is still seen here is cancelled to no effect. */
	private @Nullable CompletableFuture<T> call;

	/** How the call ended; written before the executor is asked, as is the failure. */
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
		T value = this.value;
		Throwable failure = this.failure;
		// the request and the connection's objects go with the call
		this.call = null;
		this.value = null;
		this.failure = null;
		if (failure != null) {
			super.completeExceptionally(failure);
		}
		else {
			complete(value);
		}
	}

	@Override
	public boolean completeExceptionally(Throwable failure) {
		return super.completeExceptionally(failure) && cancelCall();
	}

	@Override
	public boolean cancel(boolean mayInterruptIfRunning) {
		return super.cancel(mayInterruptIfRunning) && cancelCall();
	}

	private boolean cancelCall() {
		CompletableFuture<T> call = this.call;
		if (call != null) {
			call.cancel(true);
		}
		return true;
	}

}
