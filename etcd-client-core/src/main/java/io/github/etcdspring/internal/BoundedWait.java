/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.internal;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import io.github.etcdspring.Ticker;

/**
 * A wait of a close, which ends in time and not before, also when the thread is
 * interrupted: the client may be closed next. Thread-safe.
 */
public final class BoundedWait {

	private BoundedWait() {
	}

	/**
	 * Waits for a future.
	 * @param future the future
	 * @param ticker tells the time
	 * @param timeout how long to wait
	 * @return whether it completed in time, and not with a failure
	 */
	public static boolean await(CompletableFuture<?> future, Ticker ticker, Duration timeout) {
		boolean interrupted = false;
		long deadline = ticker.nanoTime() + timeout.toNanos();
		try {
			while (true) {
				try {
					future.get(Math.max(0, deadline - ticker.nanoTime()), TimeUnit.NANOSECONDS);
					return true;
				}
				catch (InterruptedException ex) {
					interrupted = true;
				}
			}
		}
		catch (ExecutionException | TimeoutException ex) {
			return false;
		}
		finally {
			if (interrupted) {
				Thread.currentThread().interrupt();
			}
		}
	}

}
