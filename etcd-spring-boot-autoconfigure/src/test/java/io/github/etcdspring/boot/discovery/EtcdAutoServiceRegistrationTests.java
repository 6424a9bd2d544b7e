/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.boot.discovery;

import java.util.ArrayList;
import java.util.List;

import io.github.etcdspring.boot.connection.EtcdAutoConfiguration;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.cloud.client.discovery.event.InstancePreRegisteredEvent;
import org.springframework.cloud.client.discovery.event.InstanceRegisteredEvent;
import org.springframework.cloud.commons.util.UtilAutoConfiguration;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationEvent;
import org.springframework.context.ApplicationListener;

import static org.assertj.core.api.Assertions.assertThat;

class EtcdAutoServiceRegistrationTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withPropertyValues("etcd.endpoints=http://127.0.0.1:1", "etcd.discovery.hostname=host",
				"etcd.discovery.port=8080")
		.withConfiguration(AutoConfigurations.of(UtilAutoConfiguration.class, EtcdAutoConfiguration.class,
				EtcdDiscoveryAutoConfiguration.class, EtcdRegistrationAutoConfiguration.class));

	@Test
	void registersWhenReady() {
		this.runner.run((context) -> {
			assertThat(status(context)).isEqualTo("UNKNOWN");

			AvailabilityChangeEvent.publish(context.getSourceApplicationContext(), ReadinessState.ACCEPTING_TRAFFIC);

			assertThat(status(context)).isEqualTo("UP");
		});
	}

	@Test
	void registersNothingWhenStoppedWhileListenersAreTold() {
		this.runner.withBean(StoppingListener.class).run((context) -> {
			AvailabilityChangeEvent.publish(context.getSourceApplicationContext(), ReadinessState.ACCEPTING_TRAFFIC);

			assertThat(status(context)).isEqualTo("UNKNOWN");
			assertThat(context.getBean(StoppingListener.class).seen)
				.hasExactlyElementsOfTypes(InstancePreRegisteredEvent.class);
		});
	}

	@Test
	void registersAtTheNextStartWhenItWasAboutTo() {
		this.runner.withBean(StoppingListener.class).run((context) -> {
			AvailabilityChangeEvent.publish(context.getSourceApplicationContext(), ReadinessState.ACCEPTING_TRAFFIC);

			context.getBean(EtcdAutoServiceRegistration.class).start();

			assertThat(status(context)).isEqualTo("UP");
		});
	}

	private static String status(ApplicationContext context) {
		return context.getBean(EtcdServiceRegistry.class).getStatus(context.getBean(EtcdRegistration.class));
	}

	/** Takes so long that the application has stopped before it is done, once. */
	static class StoppingListener implements ApplicationListener<ApplicationEvent> {

		private final List<ApplicationEvent> seen = new ArrayList<>();

		private final ApplicationContext context;

		StoppingListener(ApplicationContext context) {
			this.context = context;
		}

		@Override
		public void onApplicationEvent(ApplicationEvent event) {
			if (event instanceof InstancePreRegisteredEvent || event instanceof InstanceRegisteredEvent<?>) {
				this.seen.add(event);
			}
			if (event instanceof InstancePreRegisteredEvent && this.seen.size() == 1) {
				this.context.getBean(EtcdAutoServiceRegistration.class).stop();
			}
		}

	}

}
