/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.internal;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;

import io.github.etcdspring.Scheduler;

/**
 * The moment for which the answer to one who has given up waits, so that his key is gone
 * when he hears it. It goes on without him after that: as when etcd refuses, or does not
 * answer. Thread-safe.
 */
public final class Clearing {

	/** Less than what an attempt may take beyond its time. */
	private static final Duration LONGEST = Duration.ofMillis(200);

	private Clearing() {
	}

	/**
	 * Gives up a wait, and waits for that moment; an interrupt ends it.
	 * @param wait the wait
	 * @return whether it was given up; if not, it had ended before
	 */
	public static boolean giveUp(CompletableFuture<?> wait) {
		if (!wait.cancel(false)) {
			return false;
		}
		try {
			HandedOff.cleared(wait).get(LONGEST.toNanos(), TimeUnit.NANOSECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		catch (ExecutionException | TimeoutException ex) {
			// the answer waits no longer
		}
		return true;
	}

	/**
	 * Goes on after that moment.
	 * @param cleared completes once nothing is left, or cannot be cleared now
	 * @param scheduler ends the wait
	 * @param executor runs what follows, unless it runs where the clearing ends
	 * @param next what follows
	 */
	public static void then(CompletableFuture<?> cleared, Scheduler scheduler, Executor executor, Runnable next) {
		AtomicBoolean over = new AtomicBoolean();
		Runnable once = () -> {
			if (over.compareAndSet(false, true)) {
				next.run();
			}
		};
		if (cleared.isDone()) {
			once.run();
			return;
		}
		Future<?> timer = scheduler.schedule(() -> executor.execute(once), LONGEST);
		cleared.whenComplete((done, failure) -> {
			timer.cancel(false);
			once.run();
		});
	}

}
