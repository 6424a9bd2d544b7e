/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.recipes;

import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;

import io.github.etcdspring.EtcdCancelledException;
import io.github.etcdspring.EtcdException;
import io.github.etcdspring.FailureDetails;
import io.github.etcdspring.Outcome;
import io.github.etcdspring.StatusCode;

/**
 * The blocking form of an operation: waits for the future of the asynchronous one.
 */
final class BlockingWait {

	private BlockingWait() {
	}

	/**
	 * Waits for what takes no longer than its calls do.
	 * @throws EtcdCancelledException if this thread is interrupted, with the flag set
	 */
	static <T> T call(CompletableFuture<T> call) {
		try {
			return call.get();
		}
		catch (InterruptedException ex) {
			call.cancel(false);
			Thread.currentThread().interrupt();
			throw new EtcdCancelledException(
					new FailureDetails("the thread was interrupted while it waited for the answer", null,
							StatusCode.CANCELLED, Outcome.UNKNOWN, false, null, 1),
					ex);
		}
		catch (ExecutionException ex) {
			throw unwrap(ex);
		}
	}

	/**
	 * Waits for what takes as long as it takes.
	 * @param wait cancelled if this thread is interrupted
	 * @param late takes what came in the moment of the interrupt
	 */
	static <T> T await(CompletableFuture<T> wait, Consumer<T> late) throws InterruptedException {
		try {
			return wait.get();
		}
		catch (InterruptedException ex) {
			if (!wait.cancel(false)) {
				wait.thenAccept(late);
			}
			throw ex;
		}
		catch (ExecutionException ex) {
			throw unwrap(ex);
		}
	}

	/**
	 * Waits for what must not be lost: when this thread is interrupted and the wait
	 * cannot be cancelled any more, it goes on to its end, and the flag is set.
	 */
	static <T> T awaitKept(CompletableFuture<T> wait) throws InterruptedException {
		try {
			return wait.get();
		}
		catch (InterruptedException ex) {
			if (wait.cancel(false)) {
				throw ex;
			}
			return awaitLast(wait, ex);
		}
		catch (ExecutionException ex) {
			throw unwrap(ex);
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
				throw unwrap(ex);
			}
		}
	}

	private static RuntimeException unwrap(ExecutionException ex) {
		if (ex.getCause() instanceof EtcdException failure) {
			return failure.copy();
		}
		return new IllegalStateException("a wait ended with an unexpected failure", ex.getCause());
	}

}
