/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.internal;

import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * The future of what is made of a call's answer: it fails as the call does, with the bare
 * reason, and cancelling it cancels the call. Thread-safe.
 */
public final class DerivedCall {

	private DerivedCall() {
	}

	/**
	 * Returns it.
	 * @param <A> the type of the answer
	 * @param <B> the type of the result
	 * @param call the call
	 * @param result makes the result; what it throws is the reason of a failure
	 * @return the future result, completed where the call is
	 */
	public static <A, B> CompletableFuture<B> of(CompletableFuture<A> call, Function<A, B> result) {
		CompletableFuture<B> derived = new CompletableFuture<>();
		call.whenComplete((answer, failure) -> {
			if (failure != null) {
				derived.completeExceptionally(failure);
				return;
			}
			try {
				derived.complete(result.apply(answer));
			}
			catch (RuntimeException ex) {
				derived.completeExceptionally(ex);
			}
		});
		derived.whenComplete((value, failure) -> {
			if (failure != null) {
				call.cancel(true);
			}
		});
		return derived;
	}

}
