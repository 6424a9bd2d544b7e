/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.boot.discovery;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.cloud.client.discovery.event.InstanceRegisteredEvent;
import org.springframework.context.ApplicationContext;
import org.springframework.context.event.EventListener;

/**
 * Tells that discovery has begun in an application that is no instance itself. Spring
 * Cloud takes it from the event of a registration; its health indicator would stay
 * unknown for ever.
 */
final class DiscoveryAnnouncement {

	private final ApplicationContext context;

	private final EtcdDiscoveryProperties properties;

	private final ObjectProvider<EtcdRegistration> registration;

	DiscoveryAnnouncement(ApplicationContext context, EtcdDiscoveryProperties properties,
			ObjectProvider<EtcdRegistration> registration) {
		this.context = context;
		this.properties = properties;
		this.registration = registration;
	}

	@EventListener
	void onReady(ApplicationReadyEvent event) {
		if (event.getApplicationContext() == this.context && !isInstance()) {
			this.context.publishEvent(new InstanceRegisteredEvent<>(this, this.properties));
		}
	}

	private boolean isInstance() {
		EtcdRegistration registration = this.registration.getIfAvailable();
		return registration != null && registration.hasPort();
	}

}
