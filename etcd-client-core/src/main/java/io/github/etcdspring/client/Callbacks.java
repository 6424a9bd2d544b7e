/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;

import io.github.etcdspring.Scheduler;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where a client runs user code: on the executor the user gave, or on its own, which it
 * ends; and, apart from that, what user code may wait for. Thread-safe.
 */
final class Callbacks implements Executor {

	private static final Duration NO_THREAD_PAUSE = Duration.ofSeconds(1);

	private static final Logger logger = LoggerFactory.getLogger(Callbacks.class);

	private final String threads;

	private final @Nullable ExecutorService own;

	private final Executor executor;

	private final Scheduler scheduler;

	private volatile boolean closed;

	/**
	 * Takes the user's executor, or makes one.
	 * @param given the user's, if there is one
	 * @param threads what the names of own threads begin with
	 * @param scheduler runs what could not be run at once
	 */
	Callbacks(@Nullable Executor given, String threads, Scheduler scheduler) {
		this((given == null) ? CallbackExecutor.create(threads) : null, given, threads, scheduler);
	}

	private Callbacks(@Nullable ExecutorService own, @Nullable Executor given, String threads, Scheduler scheduler) {
		this.threads = threads;
		this.own = own;
		this.executor = (own != null) ? own : Objects.requireNonNull(given);
		this.scheduler = scheduler;
	}

	/** Makes a small one apart from callbacks: for what those may wait for. */
	static Callbacks apart(String threads, Scheduler scheduler) {
		return new Callbacks(CallbackExecutor.small(threads), null, threads, scheduler);
	}

	/**
	 * Runs user code; never on the calling thread, also when the executor rejects it.
	 * Somebody may wait for ever for what is not run, so that is tried again.
	 */
	@Override
	public void execute(Runnable callback) {
		try {
			this.executor.execute(callback);
		}
		catch (RuntimeException ex) {
			// rejected, in the executor's own way
			ForkJoinPool.commonPool().execute(callback);
		}
		catch (Error ex) {
			logger.error("no thread for a callback, trying again", ex);
			if (!this.closed) {
				this.scheduler.schedule(() -> execute(callback), NO_THREAD_PAUSE);
			}
		}
	}

	/**
	 * Returns a future for the user: it completes on the callback executor, and
	 * cancelling it cancels the call.
	 */
	<T> CompletableFuture<T> handOff(CompletableFuture<T> call) {
		return new CallFuture<>(call, this);
	}

	/** Tries nothing again from here on. */
	void stop() {
		this.closed = true;
	}

	/**
	 * Ends the executor if it is the client's own, once it has run what it was given;
	 * does not wait for itself.
	 * @param timeout how long to wait at most
	 * @throws InterruptedException if the waiting thread is interrupted
	 */
	void close(Duration timeout) throws InterruptedException {
		if (this.own != null) {
			this.own.shutdown();
			if (!Thread.currentThread().getName().startsWith(this.threads)) {
				this.own.awaitTermination(timeout.toMillis(), TimeUnit.MILLISECONDS);
			}
		}
	}

}
