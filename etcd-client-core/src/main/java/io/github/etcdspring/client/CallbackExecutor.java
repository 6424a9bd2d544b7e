/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.jspecify.annotations.Nullable;

/**
 * Makes the executor that runs callbacks when the user gives none: a virtual thread for
 * each task where the JVM has them, else a pool that starts a thread only when none is
 * idle, behind a {@link CallbackPool} that wakes few of them. Beyond the pool's size
 * tasks wait; there is at most one task for each open call, watch, lease and session, so
 * their number is bounded by the user's own.
 * <p>
 * The library's own steps, and suppliers of secrets, have a few threads apart, never
 * virtual ones: callbacks that pin the threads under those would keep them from running.
 */
final class CallbackExecutor {

	private static final int MAX_THREADS = 64;

	private static final int FEW_THREADS = 4;

	private static final long IDLE_SECONDS = 10;

	private CallbackExecutor() {
	}

	static ExecutorService create(String name) {
		try {
			return (ExecutorService) Executors.class.getMethod("newThreadPerTaskExecutor", ThreadFactory.class)
				.invoke(null, virtualThreads(name));
		}
		catch (ReflectiveOperationException | UnsupportedOperationException ex) {
			return new CallbackPool(pool(name, MAX_THREADS));
		}
	}

	static ExecutorService small(String name) {
		return pool(name, FEW_THREADS);
	}

	private static ThreadFactory virtualThreads(String name) throws ReflectiveOperationException {
		Object builder = invoke(Thread.class, "ofVirtual", null);
		builder = Class.forName("java.lang.Thread$Builder")
			.getMethod("name", String.class, long.class)
			.invoke(builder, name + "-", 1L);
		return (ThreadFactory) invoke(Class.forName("java.lang.Thread$Builder"), "factory", builder);
	}

	private static Object invoke(Class<?> type, String method, @Nullable Object target)
			throws ReflectiveOperationException {
		return type.getMethod(method).invoke(target);
	}

	private static ExecutorService pool(String name, int maxThreads) {
		AtomicInteger number = new AtomicInteger();
		IdleFirstQueue queue = new IdleFirstQueue();
		return new ThreadPoolExecutor(0, maxThreads, IDLE_SECONDS, TimeUnit.SECONDS, queue, (task) -> {
			Thread thread = new Thread(task, name + "-" + number.incrementAndGet());
			thread.setDaemon(true);
			return thread;
		}, (task, pool) -> {
			if (pool.isShutdown()) {
				throw new RejectedExecutionException("the client is closed");
			}
			queue.put(task);
		});
	}

	/** Takes a task only if an idle thread waits for one, so that else the pool grows. */
	private static final class IdleFirstQueue extends LinkedTransferQueue<Runnable> {

		private static final long serialVersionUID = 1L;

		@Override
		public boolean offer(Runnable task) {
			return tryTransfer(task);
		}

	}

}
