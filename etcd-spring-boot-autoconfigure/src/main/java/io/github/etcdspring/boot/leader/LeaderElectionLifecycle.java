/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.boot.leader;

import java.time.Duration;

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

	private volatile boolean running;

	private volatile boolean ready;

	LeaderElectionLifecycle(LeaderElections elections, LeaderMethods methods, ApplicationContext context,
			Duration patience) {
		this.elections = elections;
		this.methods = methods;
		this.context = context;
		this.patience = patience;
	}

	@EventListener
	void onReady(ApplicationReadyEvent event) {
		if (event.getApplicationContext() == this.context && this.running) {
			this.ready = true;
			this.elections.join(this.methods.roles());
		}
	}

	@Override
	public void start() {
		this.running = true;
		if (this.ready) {
			this.elections.join(this.methods.roles());
		}
	}

	@Override
	public void stop() {
		this.running = false;
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
