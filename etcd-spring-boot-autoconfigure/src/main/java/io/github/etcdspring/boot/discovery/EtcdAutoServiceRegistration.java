/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.boot.discovery;

import java.util.concurrent.locks.ReentrantLock;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.cloud.client.discovery.event.InstancePreRegisteredEvent;
import org.springframework.cloud.client.discovery.event.InstanceRegisteredEvent;
import org.springframework.cloud.client.serviceregistry.AutoServiceRegistration;
import org.springframework.context.ApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.event.EventListener;

/**
 * Registers the application when it is ready for traffic, shows it out of service while
 * it refuses traffic, and takes it out before anything else stops: callers have to stop
 * coming before the web server's graceful shutdown begins. When the context is started
 * again without having been closed it registers again.
 */
final class EtcdAutoServiceRegistration implements AutoServiceRegistration, SmartLifecycle {

	private static final Log logger = LogFactory.getLog(EtcdAutoServiceRegistration.class);

	private final EtcdServiceRegistry registry;

	private final EtcdRegistration registration;

	private final ApplicationContext context;

	/**
	 * Orders registering and stopping, so that nothing is registered any more once it has
	 * stopped; never held while anything waits.
	 */
	private final ReentrantLock lock = new ReentrantLock();

	private volatile boolean running;

	private volatile boolean registered;

	/** Whether it was registered, or about to be, when it stopped. */
	private volatile boolean registerAtStart;

	EtcdAutoServiceRegistration(EtcdServiceRegistry registry, EtcdRegistration registration,
			ApplicationContext context) {
		this.registry = registry;
		this.registration = registration;
		this.context = context;
	}

	@EventListener
	void onReadinessChange(AvailabilityChangeEvent<ReadinessState> event) {
		boolean another = event.getSource() instanceof ApplicationContext source && source != this.context;
		if (another || !this.running) {
			return;
		}
		if (event.getState() == ReadinessState.ACCEPTING_TRAFFIC) {
			register();
		}
		else if (this.registered) {
			this.registry.setStatus(this.registration, InstanceStatus.OUT_OF_SERVICE.name());
		}
	}

	private void register() {
		if (!this.registration.hasPort()) {
			logger.info("Not registered: the application has no web server, and etcd.discovery.port is not set");
			return;
		}
		boolean first = !this.registered;
		this.registered = true;
		if (first) {
			this.context.publishEvent(new InstancePreRegisteredEvent(this, this.registration));
		}
		if (registerIfRunning() && first) {
			this.context.publishEvent(new InstanceRegisteredEvent<>(this, this.registration));
		}
	}

	/** Does nothing when it was stopped meanwhile: listeners may take their time. */
	private boolean registerIfRunning() {
		this.lock.lock();
		try {
			if (!this.running) {
				this.registered = false;
				this.registerAtStart = true;
				return false;
			}
			this.registry.register(this.registration);
			return true;
		}
		finally {
			this.lock.unlock();
		}
	}

	@Override
	public void start() {
		this.running = true;
		if (this.registerAtStart) {
			this.registerAtStart = false;
			register();
		}
	}

	@Override
	public void stop() {
		boolean registered;
		this.lock.lock();
		try {
			this.running = false;
			registered = this.registered;
			this.registered = false;
			this.registerAtStart = registered;
		}
		finally {
			this.lock.unlock();
		}
		if (registered) {
			logger.info("Deregistering " + this.registration);
			this.registry.deregister(this.registration);
		}
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

	/** The last to start and the first to stop. */
	@Override
	public int getPhase() {
		return SmartLifecycle.DEFAULT_PHASE;
	}

}
