/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.spring;

import java.time.Duration;
import java.util.List;

import io.github.etcdspring.boot.config.EtcdConfigChangedEvent;
import io.github.etcdspring.boot.test.cluster.EtcdCluster;
import io.github.etcdspring.boot.test.cluster.EtcdClusterExtension;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.it.core.ChildJvm;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;
import org.springframework.core.env.Environment;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * An application that has none of what is optional on its class path.
 */
class WithoutSpringCloudIntegrationTests {

	@RegisterExtension
	static final EtcdClusterExtension etcd = EtcdClusterExtension.members(1);

	@Test
	void importsAndFollowsConfiguration(EtcdCluster cluster) {
		cluster.etcdctl("put", "config/plain/demo.text", "old");

		try (ChildJvm child = ChildJvm.start(Main.class,
				List.of("--spring.application.name=plain", "--spring.config.import=etcd:",
						"--spring.main.keep-alive=true", "--etcd.endpoints=" + cluster.endpoints().get(0)),
				WithoutSpringCloudIntegrationTests::isNeeded)) {
			assertThat(child.awaitExit(Duration.ofSeconds(60))).isZero();
			assertThat(child.output()).contains("started with old").contains("[demo.text] changed to new");
		}
	}

	private static boolean isNeeded(String jar) {
		return !jar.matches("(spring-cloud|spring-boot-(health|actuator|web|tomcat|servlet|jackson|micrometer|http)"
				+ "|spring-web|jackson|tomcat|micrometer-(core|jakarta)).*");
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Main {

		private final Environment environment;

		Main(Environment environment) {
			this.environment = environment;
		}

		public static void main(String[] arguments) {
			SpringApplication.run(Main.class, arguments);
		}

		@EventListener
		void ready(ApplicationReadyEvent event) {
			System.out.println("started with " + this.environment.getProperty("demo.text"));
			event.getApplicationContext().getBean(EtcdClient.class).kv().put("config/plain/demo.text", "new");
		}

		@EventListener
		void changed(EtcdConfigChangedEvent event) {
			System.out.println(event.names() + " changed to " + this.environment.getProperty("demo.text"));
			System.exit(0);
		}

	}

}
