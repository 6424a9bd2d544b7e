/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

import io.github.etcdspring.internal.Redirectable;
import org.jspecify.annotations.Nullable;

/**
 * What a user has of a call: completes as it does, on an executor. A user who fails or
 * cancels it cancels the call, and so does a result that comes to one who has another
 * already: it may be a watch that nobody would close. It is its own task, since there is
 * one for each call, and once it has run it holds its result alone. Thread-safe.
 */
final class CallFuture<T> extends CompletableFuture<T> implements Runnable, Redirectable {

	/** Cancelled also when it has ended, if its answer is given to nobody. */
	private @Nullable CompletableFuture<T> call;

	/** How the call ended; written before this is run, as is the failure. */
	private @Nullable T value;

	private @Nullable Throwable failure;

	/** Whether it completes where the call ends: mostly on the connection's thread. */
	private volatile boolean direct;

	CallFuture(CompletableFuture<T> call, Executor executor) {
		this.call = call;
		call.whenComplete((value, failure) -> {
			this.value = value;
			this.failure = failure;
			if (this.direct) {
				run();
			}
			else {
				executor.execute(this);
			}
		});
	}

	/** A call that has ended is on its way over the executor, and is not turned back. */
	@Override
	public void goDirect() {
		this.direct = true;
	}

	@Override
	public void run() {
		CompletableFuture<T> call = this.call;
		T value = this.value;
		Throwable failure = this.failure;
		// the request and the connection's objects go with the call
		this.call = null;
		this.value = null;
		this.failure = null;
		if (failure != null) {
			super.completeExceptionally(failure);
		}
		else if (!complete(value) && call != null) {
			call.cancel(true);
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
