/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.boot.leader;

import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.ApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.event.EventListener;

/**
 * Campaigns from when the application is ready, when everybody who wants to hear of it
 * can, until it begins to stop. It stops before the web server does, and waits for runs
 * under way. When the context is started again without having been closed it campaigns
 * again.
 */
final class LeaderElectionLifecycle implements SmartLifecycle {

	private final LeaderElections elections;

	private final LeaderMethods methods;

	private final ApplicationContext context;

	private final Duration patience;

	/**
	 * Orders joining and stopping, so that nothing is joined any more once it has
	 * stopped; never held while anything waits.
	 */
	private final ReentrantLock lock = new ReentrantLock();

	private volatile boolean running;

	/** Guarded by lock. */
	private boolean ready;

	LeaderElectionLifecycle(LeaderElections elections, LeaderMethods methods, ApplicationContext context,
			Duration patience) {
		this.elections = elections;
		this.methods = methods;
		this.context = context;
		this.patience = patience;
	}

	@EventListener
	void onReady(ApplicationReadyEvent event) {
		if (event.getApplicationContext() == this.context) {
			joinIf(() -> this.ready = this.running);
		}
	}

	@Override
	public void start() {
		joinIf(() -> {
			this.running = true;
			return this.ready;
		});
	}

	private void joinIf(BooleanSupplier condition) {
		this.lock.lock();
		try {
			if (condition.getAsBoolean()) {
				this.elections.join(this.methods.roles());
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	@Override
	public void stop() {
		this.lock.lock();
		try {
			this.running = false;
		}
		finally {
			this.lock.unlock();
		}
		this.elections.leave(this.patience);
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

	/** After the registration, before the graceful shutdown of web servers. */
	@Override
	public int getPhase() {
		return Integer.MAX_VALUE - 1000;
	}

}
