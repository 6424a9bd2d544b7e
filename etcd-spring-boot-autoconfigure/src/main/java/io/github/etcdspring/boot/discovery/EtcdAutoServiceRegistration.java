/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.boot.discovery;

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

	private volatile boolean running;

	private volatile boolean registered;

	/** Whether it was registered when it stopped; only from the lifecycle's thread. */
	private boolean registerAtStart;

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
		this.registry.register(this.registration);
		if (first) {
			this.context.publishEvent(new InstanceRegisteredEvent<>(this, this.registration));
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
		this.running = false;
		if (this.registered) {
			this.registered = false;
			this.registerAtStart = true;
			this.registry.deregister(this.registration);
			logger.info("Deregistered " + this.registration);
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
