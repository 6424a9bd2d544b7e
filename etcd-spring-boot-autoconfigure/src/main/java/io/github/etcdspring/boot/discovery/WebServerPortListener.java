/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.boot.discovery;

import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.context.ApplicationListener;

/**
 * Tells the registration the web server's port; the management server's is not meant.
 */
final class WebServerPortListener implements ApplicationListener<WebServerInitializedEvent> {

	private final EtcdRegistration registration;

	WebServerPortListener(EtcdRegistration registration) {
		this.registration = registration;
	}

	@Override
	public void onApplicationEvent(WebServerInitializedEvent event) {
		if (!"management".equals(event.getApplicationContext().getServerNamespace())) {
			this.registration.webServerStarted(event.getWebServer().getPort());
		}
	}

}
