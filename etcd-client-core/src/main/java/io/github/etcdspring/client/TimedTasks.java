/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;

import io.github.etcdspring.Scheduler;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Timed tasks of those who build on a client. What waits when the client is closed runs
 * at once, as does what comes later: it finds the client closed and ends what it belongs
 * to, which would else wait for ever. Thread-safe.
 */
final class TimedTasks implements Scheduler {

	private static final Logger logger = LoggerFactory.getLogger(TimedTasks.class);

	private final Scheduler scheduler;

	private final Set<Task> waiting = ConcurrentHashMap.newKeySet();

	private volatile boolean closed;

	TimedTasks(Scheduler scheduler) {
		this.scheduler = scheduler;
	}

	@Override
	public Future<?> schedule(Runnable task, Duration delay) {
		Task timed = new Task(task);
		this.waiting.add(timed);
		timed.timer = this.scheduler.schedule(timed, delay);
		if (this.closed) {
			timed.run();
		}
		return timed;
	}

	void close() {
		this.closed = true;
		List.copyOf(this.waiting).forEach(Task::run);
	}

	/** Runs once, by its timer or by the close. */
	private final class Task extends FutureTask<@Nullable Void> {

		private volatile @Nullable Future<?> timer;

		Task(Runnable task) {
			super(task, null);
		}

		@Override
		protected void done() {
			TimedTasks.this.waiting.remove(this);
			Future<?> timer = this.timer;
			if (timer != null) {
				timer.cancel(false);
			}
		}

		@Override
		protected void setException(Throwable failure) {
			logger.error("a timed task failed", failure);
			super.setException(failure);
		}

	}

}
