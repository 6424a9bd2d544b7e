/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.internal;

import java.io.UncheckedIOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;

import io.github.etcdspring.EtcdCancelledException;
import io.github.etcdspring.EtcdException;
import io.github.etcdspring.FailureDetails;
import io.github.etcdspring.Outcome;
import io.github.etcdspring.StatusCode;

/**
 * The blocking form of a call: waits for the future of the asynchronous one, which nobody
 * else has, and needs no thread of the callback executor for that. Thread-safe.
 */
public final class BlockingCall {

	private BlockingCall() {
	}

	/**
	 * Waits for a call.
	 * @param <T> the type of its result
	 * @param call the call; cancelled if this thread is interrupted
	 * @return its result
	 * @throws EtcdException as the call failed, with this thread's stack trace
	 * @throws UncheckedIOException as the writing of its answer failed
	 */
	public static <T> T await(CompletableFuture<T> call) {
		try {
			return HandedOff.direct(call).get();
		}
		catch (InterruptedException ex) {
			call.cancel(true);
			Thread.currentThread().interrupt();
			throw new EtcdCancelledException(
					new FailureDetails("the thread was interrupted while it waited for the answer", null,
							StatusCode.CANCELLED, Outcome.UNKNOWN, false, null, 1),
					ex);
		}
		catch (ExecutionException ex) {
			throw failureOf(ex);
		}
	}

	/**
	 * Waits for what takes as long as it takes.
	 * @param <T> the type of its result
	 * @param wait the wait; cancelled if this thread is interrupted
	 * @param late takes what came in the moment of the interrupt
	 * @return its result
	 * @throws InterruptedException if this thread is interrupted
	 * @throws EtcdException as the wait failed, with this thread's stack trace
	 */
	public static <T> T await(CompletableFuture<T> wait, Consumer<T> late) throws InterruptedException {
		try {
			return HandedOff.direct(wait).get();
		}
		catch (InterruptedException ex) {
			if (!Clearing.giveUp(wait)) {
				wait.thenAccept(late);
			}
			throw ex;
		}
		catch (ExecutionException ex) {
			throw failureOf(ex);
		}
	}

	/**
	 * Waits for what no interrupt ends; the flag is set again afterwards.
	 * @param <T> the type of its result
	 * @param wait the wait
	 * @return its result
	 * @throws EtcdException as the wait failed, with this thread's stack trace
	 */
	public static <T> T awaitUninterruptibly(CompletableFuture<T> wait) {
		HandedOff.direct(wait);
		boolean interrupted = false;
		try {
			while (true) {
				try {
					return wait.get();
				}
				catch (InterruptedException ex) {
					interrupted = true;
				}
			}
		}
		catch (ExecutionException ex) {
			throw failureOf(ex);
		}
		finally {
			if (interrupted) {
				Thread.currentThread().interrupt();
			}
		}
	}

	/**
	 * Returns what the user is told of a failure.
	 * @param ex the failure of a future
	 * @return its cause, with this thread's stack trace
	 */
	public static RuntimeException failureOf(ExecutionException ex) {
		if (ex.getCause() instanceof EtcdException failure) {
			return failure.copy();
		}
		if (ex.getCause() instanceof UncheckedIOException failure) {
			return new UncheckedIOException(failure.getMessage(), failure.getCause());
		}
		return new IllegalStateException("a call ended with an unexpected failure", ex.getCause());
	}

}
