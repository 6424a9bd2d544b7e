/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.recipes;

import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

import io.github.etcdspring.internal.BlockingCall;
import io.github.etcdspring.internal.HandedOff;

/**
 * The blocking form of an operation whose result must not be lost.
 */
final class BlockingWait {

	private BlockingWait() {
	}

	/**
	 * Waits for what must not be lost: when this thread is interrupted and the wait
	 * cannot be cancelled any more, it goes on to its end, and the flag is set.
	 */
	static <T> T awaitKept(CompletableFuture<T> wait) throws InterruptedException {
		try {
			return HandedOff.direct(wait).get();
		}
		catch (InterruptedException ex) {
			if (wait.cancel(false)) {
				throw ex;
			}
			return awaitLast(wait, ex);
		}
		catch (ExecutionException ex) {
			throw BlockingCall.failureOf(ex);
		}
	}

	private static <T> T awaitLast(CompletableFuture<T> wait, InterruptedException interrupt)
			throws InterruptedException {
		while (true) {
			try {
				T last = wait.get();
				Thread.currentThread().interrupt();
				return last;
			}
			catch (InterruptedException ex) {
				interrupt.addSuppressed(ex);
			}
			catch (CancellationException ex) {
				throw interrupt;
			}
			catch (ExecutionException ex) {
				Thread.currentThread().interrupt();
				throw BlockingCall.failureOf(ex);
			}
		}
	}

}
