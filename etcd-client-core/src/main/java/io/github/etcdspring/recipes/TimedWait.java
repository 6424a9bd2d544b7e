/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.recipes;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.Function;

import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.internal.Clearing;
import io.github.etcdspring.internal.HandedOff;
import io.github.etcdspring.internal.OwnSteps;

/**
 * A wait that ends when its time is up.
 */
final class TimedWait {

	private TimedWait() {
	}

	/**
	 * Bounds a wait.
	 * @param client the view for the library's own steps
	 * @param wait given to nobody else; cancelled when the time is up, or the result is
	 * cancelled
	 * @param time how long it may take
	 * @param late takes what came in the moment of the end
	 * @return what it completes with; nothing when the time is up, and what the wait
	 * leaves behind is cleared, or a moment has passed
	 */
	static <T> CompletableFuture<Optional<T>> of(EtcdClient client, CompletableFuture<T> wait, Duration time,
			Consumer<T> late) {
		CompletableFuture<Optional<T>> result = new CompletableFuture<>();
		Future<?> timer = TimeLimit.set(client, time, () -> {
			if (wait.cancel(false)) {
				Clearing.then(HandedOff.cleared(wait), client.scheduler(), client.callbackExecutor(),
						() -> result.complete(Optional.empty()));
			}
		});
		HandedOff.direct(wait).whenComplete((value, failure) -> {
			timer.cancel(false);
			if (wait.isCancelled()) {
				// its time is up, or the result was given up
				return;
			}
			if (failure != null) {
				result.completeExceptionally(failure);
			}
			else if (!result.complete(Optional.of(value))) {
				late.accept(value);
			}
		});
		result.whenComplete((value, failure) -> wait.cancel(false));
		return HandedOff.of(result, Function.identity(), OwnSteps.usersOf(client),
				(unwanted) -> unwanted.ifPresent(late), HandedOff.cleared(wait));
	}

}
