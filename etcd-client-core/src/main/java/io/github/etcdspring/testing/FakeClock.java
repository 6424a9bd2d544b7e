/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.testing;

import java.time.Duration;
import java.util.PriorityQueue;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

import io.github.etcdspring.Scheduler;
import io.github.etcdspring.Ticker;
import org.jspecify.annotations.Nullable;

/**
 * A clock and a timer for tests: time stands still until a test moves it. To be given as
 * the ticker and as the scheduler of what is tested, so that the two agree.
 * <p>
 * As with the clock of a JVM, only the difference of two readings means something: the
 * readings overflow after three seconds, so that code which compares them without that
 * difference fails in its tests. As with a real timer, a task runs once, never while it
 * is being scheduled, and what it throws is kept in its future and goes nowhere else.
 * Thread-safe.
 */
public final class FakeClock implements Ticker, Scheduler {

	private static final long START = Long.MAX_VALUE - Duration.ofSeconds(3).toNanos();

	/** Guards the fields below; never held while a task runs. */
	private final ReentrantLock lock = new ReentrantLock();

	private final PriorityQueue<Task> tasks = new PriorityQueue<>();

	private long scheduled;

	private long elapsed;

	/** What is elapsed when all who move the clock are done. */
	private long target;

	/**
	 * Creates a clock with no task.
	 */
	public FakeClock() {
	}

	@Override
	public long nanoTime() {
		this.lock.lock();
		try {
			return START + this.elapsed;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Keeps a task until the clock is moved past its delay, by
	 * {@link #advance(Duration)}, even if that is zero.
	 * @param task the task
	 * @param delay how long to wait, not negative
	 * @return a handle whose {@link Future#cancel(boolean)} keeps a task from running
	 * that has not begun
	 * @throws IllegalArgumentException if the delay is negative
	 */
	@Override
	public Future<?> schedule(Runnable task, Duration delay) {
		long nanos = nanos("delay", delay);
		this.lock.lock();
		try {
			Task added = new Task(task, later(this.elapsed, nanos), this.scheduled++);
			this.tasks.add(added);
			return added;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Lets time pass. Tasks that fall due run on the calling thread, without a lock, in
	 * the order of their moments and at one moment in the order they were scheduled; each
	 * reads its own moment from the clock. Those they schedule run too if they fall due.
	 * When several threads move the clock their times add up, and a task may still run on
	 * another of them when this returns.
	 * @param time how long, not negative; zero runs what is due now
	 * @throws IllegalArgumentException if the time is negative
	 */
	public void advance(Duration time) {
		long nanos = nanos("time", time);
		this.lock.lock();
		try {
			this.target = later(this.target, nanos);
		}
		finally {
			this.lock.unlock();
		}
		Task task = nextDue();
		while (task != null) {
			task.run();
			task = nextDue();
		}
	}

	private @Nullable Task nextDue() {
		this.lock.lock();
		try {
			Task task = this.tasks.peek();
			if (task == null || task.due > this.target) {
				this.elapsed = this.target;
				return null;
			}
			this.tasks.remove();
			// the clock may have jumped over its moment
			this.elapsed = Math.max(this.elapsed, task.due);
			return task;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Lets time pass as it does for a process that is paused: no task runs. What falls
	 * due meanwhile runs late, when the clock is advanced the next time.
	 * @param time how long, not negative
	 * @throws IllegalArgumentException if the time is negative
	 */
	public void jump(Duration time) {
		long nanos = nanos("time", time);
		this.lock.lock();
		try {
			this.elapsed = later(this.elapsed, nanos);
			this.target = later(this.target, nanos);
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Returns how many tasks are yet to run.
	 * @return the number, without those that were cancelled
	 */
	public int pendingTasks() {
		this.lock.lock();
		try {
			return this.tasks.size();
		}
		finally {
			this.lock.unlock();
		}
	}

	private void forget(Task task) {
		this.lock.lock();
		try {
			this.tasks.remove(task);
		}
		finally {
			this.lock.unlock();
		}
	}

	private static long nanos(String name, Duration duration) {
		if (duration.isNegative()) {
			throw new IllegalArgumentException(name + ": " + duration + " (expected: not negative)");
		}
		return TimeUnit.NANOSECONDS.convert(duration);
	}

	/** What never comes stays in the future. */
	private static long later(long moment, long nanos) {
		return (nanos > Long.MAX_VALUE - moment) ? Long.MAX_VALUE : moment + nanos;
	}

	private final class Task extends FutureTask<@Nullable Void> implements Comparable<Task> {

		private final long due;

		private final long number;

		Task(Runnable task, long due, long number) {
			super(task, null);
			this.due = due;
			this.number = number;
		}

		@Override
		protected void done() {
			if (isCancelled()) {
				forget(this);
			}
		}

		@Override
		public int compareTo(Task other) {
			int order = Long.compare(this.due, other.due);
			return (order != 0) ? order : Long.compare(this.number, other.number);
		}

	}

}
