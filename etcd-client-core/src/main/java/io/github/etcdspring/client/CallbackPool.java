/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

import org.jspecify.annotations.Nullable;

/**
 * Runs tasks that are mostly short and may block, with few wake-ups. To wake a sleeping
 * thread for each task costs more than most of them do; so one thread that is awake takes
 * task after task, as long as there are any. Another joins it
 * <ul>
 * <li>at once when a task comes and the thread that took the last one is found not to
 * run, or brought the task itself;</li>
 * <li>after some milliseconds, 40 at most, when the tasks that wait have not all been
 * taken, because the one that runs blocks, or takes long, or they are many. Each time
 * that this is so twice as many join.</li>
 * </ul>
 * Thread-safe.
 */
final class CallbackPool extends AbstractExecutorService {

	/** When those who wait are looked at first, and at the latest. */
	private static final long FIRST_LOOK_MILLIS = 5;

	private static final long LAST_LOOK_MILLIS = 20;

	private static final int MOST_HELPERS = 64;

	/** Takes a few microseconds where nobody else wants the processor. */
	private static final int YIELDS = 10;

	/** Stands for a thread that has been asked for. */
	private static final Object COMING = new Object();

	private final ExecutorService threads;

	private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();

	/** Who took a task last and will look for another; {@code null} for nobody. */
	private final AtomicReference<@Nullable Object> taker = new AtomicReference<>();

	/** How many threads have been asked for and have not come. */
	private final AtomicInteger coming = new AtomicInteger();

	/** Whether a look is planned. */
	private final AtomicBoolean watched = new AtomicBoolean();

	/** Whether a task has come, since the last look, that nobody was woken for. */
	private volatile boolean relied;

	/** Whether nothing has waited at some time since the last look. */
	private volatile boolean drained;

	/**
	 * Makes a pool.
	 * @param threads runs each task that it is given on a thread of its own as long as it
	 * has one, and else later
	 */
	CallbackPool(ExecutorService threads) {
		this.threads = threads;
	}

	@Override
	public void execute(Runnable task) {
		if (isShutdown()) {
			throw new RejectedExecutionException("the client is closed");
		}
		this.tasks.add(task);
		try {
			Object taker = this.taker.get();
			if (runs(taker) || !this.taker.compareAndSet(taker, COMING)) {
				rely();
			}
			else {
				call();
			}
		}
		catch (Throwable ex) {
			this.taker.compareAndSet(COMING, null);
			if (this.tasks.remove(task)) {
				throw ex;
			}
		}
	}

	/** Asks for a thread. */
	private void call() {
		this.coming.incrementAndGet();
		try {
			this.threads.execute(() -> {
				this.coming.decrementAndGet();
				take();
			});
		}
		catch (Throwable ex) {
			this.coming.decrementAndGet();
			throw ex;
		}
	}

	private static boolean runs(@Nullable Object taker) {
		return taker == COMING || (taker instanceof Thread thread && thread != Thread.currentThread()
				&& thread.getState() == Thread.State.RUNNABLE);
	}

	/** Leaves a task to a thread that is awake, and sees to it that it is taken. */
	private void rely() {
		if (!this.relied) {
			this.relied = true;
		}
		if (!this.watched.get() && this.watched.compareAndSet(false, true)) {
			this.drained = false;
			try {
				planLook(FIRST_LOOK_MILLIS, 1);
			}
			catch (Throwable ex) {
				this.watched.set(false);
				throw ex;
			}
		}
	}

	/** Takes tasks until there is none. */
	private void take() {
		Thread self = Thread.currentThread();
		while (true) {
			this.taker.set(self);
			Runnable task = this.tasks.poll();
			if (task != null) {
				run(task);
			}
			else if (isOver(self)) {
				return;
			}
		}
	}

	/** Whoever added a task, and found this thread to be the taker, is not let down. */
	private boolean isOver(Thread self) {
		if (!this.drained) {
			this.drained = true;
		}
		linger();
		return !this.taker.compareAndSet(self, null) || this.tasks.isEmpty() || !this.taker.compareAndSet(null, self);
	}

	/**
	 * Lets others have the processor before this thread goes to sleep: where it is scarce
	 * the next task comes meanwhile, and nobody need be woken for it.
	 */
	@SuppressWarnings("ThreadPriorityCheck")
	private void linger() {
		for (int i = 0; i < YIELDS && this.tasks.isEmpty(); i++) {
			Thread.yield();
		}
	}

	private static void run(Runnable task) {
		Thread self = Thread.currentThread();
		try {
			task.run();
		}
		catch (Throwable ex) {
			self.getUncaughtExceptionHandler().uncaughtException(self, ex);
		}
		// not meant for the next
		Thread.interrupted();
	}

	private void planLook(long millis, int helpers) {
		CompletableFuture.delayedExecutor(millis, TimeUnit.MILLISECONDS, Runnable::run)
			.execute(() -> look(millis, helpers));
	}

	private void look(long millis, int helpers) {
		try {
			see(millis, helpers);
		}
		catch (Throwable ex) {
			// the next task that nobody is woken for plans another
			this.watched.set(false);
			throw ex;
		}
	}

	private void see(long millis, int helpers) {
		boolean waiting = !this.tasks.isEmpty();
		if (!waiting && !this.relied) {
			this.watched.set(false);
			if (this.relied) {
				rely();
			}
			return;
		}
		boolean late = waiting && !this.drained;
		this.relied = false;
		this.drained = false;
		if (late) {
			help(helpers);
			planLook(FIRST_LOOK_MILLIS, Math.min(2 * helpers, MOST_HELPERS));
		}
		else {
			planLook(Math.min(2 * millis, LAST_LOOK_MILLIS), 1);
		}
	}

	private void help(int helpers) {
		if (this.coming.get() > 0) {
			// all threads are taken
			return;
		}
		try {
			for (int i = 0; i < helpers && !this.tasks.isEmpty(); i++) {
				call();
			}
		}
		catch (RejectedExecutionException ex) {
			// shut down, while what is awake blocks
			for (Runnable task = this.tasks.poll(); task != null; task = this.tasks.poll()) {
				ForkJoinPool.commonPool().execute(task);
			}
		}
		catch (Error ex) {
			// no thread; the next look tries again
		}
	}

	@Override
	public void shutdown() {
		this.threads.shutdown();
	}

	@Override
	public List<Runnable> shutdownNow() {
		throw new UnsupportedOperationException("what was given is run");
	}

	@Override
	public boolean isShutdown() {
		return this.threads.isShutdown();
	}

	@Override
	public boolean isTerminated() {
		return this.threads.isTerminated();
	}

	@Override
	public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
		return this.threads.awaitTermination(timeout, unit);
	}

}
