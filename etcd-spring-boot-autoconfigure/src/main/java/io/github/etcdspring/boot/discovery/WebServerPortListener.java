/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.boot.discovery;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.context.ApplicationListener;

/**
 * Tells the registration the web server's port; the management server's is not meant.
 */
final class WebServerPortListener implements ApplicationListener<WebServerInitializedEvent> {

	private final ObjectProvider<EtcdRegistration> registration;

	WebServerPortListener(ObjectProvider<EtcdRegistration> registration) {
		this.registration = registration;
	}

	@Override
	public void onApplicationEvent(WebServerInitializedEvent event) {
		if (!"management".equals(event.getApplicationContext().getServerNamespace())) {
			int port = event.getWebServer().getPort();
			this.registration.ifAvailable((registration) -> registration.webServerStarted(port));
		}
	}

}
