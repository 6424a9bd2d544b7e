/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.time.Duration;
import java.util.concurrent.Future;

import io.grpc.SynchronizationContext;
import org.jspecify.annotations.Nullable;

/**
 * Tells when a member that is waited for has been silent for too long. A wait that
 * follows another costs no new task of the scheduler. Confined to the context it is made
 * with.
 */
final class SilenceTimer {

	private final EtcdChannel channel;

	private final SynchronizationContext context;

	/** Runs on the context, with the time that passed. */
	private final Runnable tooLong;

	private boolean waiting;

	private long dueNanos;

	private @Nullable Future<?> task;

	private long taskDueNanos;

	SilenceTimer(EtcdChannel channel, SynchronizationContext context, Runnable tooLong) {
		this.channel = channel;
		this.context = context;
		this.tooLong = tooLong;
	}

	/**
	 * Begins to wait, instead of any wait before.
	 * @param patience how long; {@code null} for ever
	 */
	void start(@Nullable Duration patience) {
		if (patience == null) {
			stop();
			return;
		}
		this.waiting = true;
		this.dueNanos = this.channel.ticker().nanoTime() + patience.toNanos();
		if (this.task == null || this.taskDueNanos - this.dueNanos > 0) {
			stopTask();
			schedule(patience);
		}
	}

	/** Ends the wait; another may follow soon, so the task is left. */
	void pause() {
		this.waiting = false;
	}

	/** Ends the wait for good. */
	void stop() {
		this.waiting = false;
		stopTask();
	}

	private void stopTask() {
		if (this.task != null) {
			this.task.cancel(false);
			this.task = null;
		}
	}

	private void schedule(Duration delay) {
		this.taskDueNanos = this.dueNanos;
		this.task = this.channel.scheduler().schedule(() -> this.context.execute(this::check), delay);
	}

	private void check() {
		this.task = null;
		if (!this.waiting) {
			return;
		}
		long remaining = this.dueNanos - this.channel.ticker().nanoTime();
		if (remaining > 0) {
			schedule(Duration.ofNanos(remaining));
		}
		else {
			this.waiting = false;
			this.tooLong.run();
		}
	}

}
