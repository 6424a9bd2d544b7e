/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.boot.discovery;

import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.support.StaticListableBeanFactory;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.boot.web.server.WebServer;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

class WebServerPortListenerTests {

	private final EtcdRegistration registration = new EtcdRegistration("orders", "host", false,
			new Binder(new MapConfigurationPropertySource()).bindOrCreate("etcd.discovery",
					EtcdDiscoveryProperties.class));

	private final WebServerPortListener listener = new WebServerPortListener(
			new StaticListableBeanFactory(Map.of("registration", this.registration))
				.getBeanProvider(EtcdRegistration.class));

	@Test
	void takesPortOfTheWebServer() {
		this.listener.onApplicationEvent(event("server", 8080));

		assertThat(this.registration.getPort()).isEqualTo(8080);
	}

	@Test
	void takesPortOfServerWithoutNamespace() {
		this.listener.onApplicationEvent(event(null, 8080));

		assertThat(this.registration.getPort()).isEqualTo(8080);
	}

	@Test
	void leavesPortOfTheManagementServer() {
		this.listener.onApplicationEvent(event("management", 8081));

		assertThat(this.registration.hasPort()).isFalse();
	}

	private static WebServerInitializedEvent event(@Nullable String namespace, int port) {
		WebServer server = mock(WebServer.class);
		given(server.getPort()).willReturn(port);
		WebServerApplicationContext context = mock(WebServerApplicationContext.class);
		given(context.getServerNamespace()).willReturn(namespace);
		WebServerInitializedEvent event = mock(WebServerInitializedEvent.class);
		given(event.getWebServer()).willReturn(server);
		given(event.getApplicationContext()).willReturn(context);
		return event;
	}

}
