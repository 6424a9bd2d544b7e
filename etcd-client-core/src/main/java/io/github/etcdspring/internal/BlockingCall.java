/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.internal;

import java.io.UncheckedIOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

import io.github.etcdspring.EtcdCancelledException;
import io.github.etcdspring.EtcdException;
import io.github.etcdspring.FailureDetails;
import io.github.etcdspring.Outcome;
import io.github.etcdspring.StatusCode;

/**
 * The blocking form of a call: waits for the future of the asynchronous one. Thread-safe.
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
			return call.get();
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
			if (ex.getCause() instanceof EtcdException failure) {
				throw failure.copy();
			}
			if (ex.getCause() instanceof UncheckedIOException failure) {
				throw new UncheckedIOException(failure.getMessage(), failure.getCause());
			}
			throw new IllegalStateException("a call ended with an unexpected failure", ex.getCause());
		}
	}

}
