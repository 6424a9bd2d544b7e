/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.core.fault;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * The threads of a run. Whatever one of them throws ends the run and fails it.
 */
final class Workers implements AutoCloseable {

	private static final Duration LAST_TURN = Duration.ofSeconds(60);

	private final List<Thread> threads = new ArrayList<>();

	private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();

	private volatile boolean stopped;

	/** Starts a thread that works turn after turn until the run is over. */
	void start(String name, Work turn) {
		Thread thread = new Thread(() -> {
			try {
				while (!this.stopped) {
					turn.run();
				}
			}
			catch (Throwable ex) {
				this.failures.add(new AssertionError(name + " failed", ex));
				this.stopped = true;
			}
		}, name);
		thread.setDaemon(true);
		this.threads.add(thread);
		thread.start();
	}

	/** Whether the run is over, so that whoever waits for others may wait in vain. */
	boolean isStopped() {
		return this.stopped;
	}

	/** Lets each thread end its turn, and fails if one of them failed or does not. */
	void stop() throws InterruptedException {
		this.stopped = true;
		for (Thread thread : this.threads) {
			thread.join(LAST_TURN.toMillis());
			if (thread.isAlive()) {
				this.failures.add(new AssertionError(thread.getName() + " does not end its turn, but stands at\n\t"
						+ Arrays.toString(thread.getStackTrace()).replace(", ", "\n\t")));
			}
		}
		if (!this.failures.isEmpty()) {
			AssertionError failure = new AssertionError(this.failures.size() + " threads of the run failed");
			this.failures.forEach(failure::addSuppressed);
			throw failure;
		}
	}

	/** Ends what is left of a run that failed. */
	@Override
	public void close() {
		this.stopped = true;
		this.threads.forEach(Thread::interrupt);
	}

	/** What a thread does again and again. */
	interface Work {

		void run() throws Exception;

	}

}
