/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.spring;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import io.github.etcdspring.boot.test.cluster.EtcdCluster;
import io.github.etcdspring.client.EtcdClient;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/**
 * A Spring Boot application in this JVM, as a user would start it; to be closed.
 */
final class App implements AutoCloseable {

	private final ConfigurableApplicationContext context;

	private App(ConfigurableApplicationContext context) {
		this.context = context;
	}

	/** An application without a web server, that reads no configuration from etcd. */
	static Builder of(EtcdCluster cluster, String name) {
		return new Builder(name, String.join(",", cluster.endpoints()));
	}

	static Builder of(String endpoints, String name) {
		return new Builder(name, endpoints);
	}

	ConfigurableApplicationContext context() {
		return this.context;
	}

	<T> T bean(Class<T> type) {
		return this.context.getBean(type);
	}

	/** The client of the application: not to be closed. */
	EtcdClient client() {
		return bean(EtcdClient.class);
	}

	Events events() {
		return bean(Events.class);
	}

	@Nullable String property(String name) {
		return this.context.getEnvironment().getProperty(name);
	}

	int port() {
		WebServerApplicationContext web = (WebServerApplicationContext) this.context;
		return Objects.requireNonNull(web.getWebServer()).getPort();
	}

	@Override
	public void close() {
		this.context.close();
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import(Events.class)
	static class Base {

	}

	/**
	 * Says what the application is to be.
	 */
	static final class Builder {

		private final Map<String, String> properties = new LinkedHashMap<>();

		private final List<Class<?>> sources = new ArrayList<>(List.of(Base.class));

		private WebApplicationType type = WebApplicationType.NONE;

		private Builder(String name, String endpoints) {
			set("spring.application.name", name);
			set("etcd.endpoints", endpoints);
			set("etcd.discovery.hostname", "127.0.0.1");
			set("spring.main.banner-mode", "off");
			set("spring.main.register-shutdown-hook", "false");
		}

		/** On the command line, where a configuration import sees it too. */
		Builder set(String property, String value) {
			this.properties.put(property, value);
			return this;
		}

		Builder importing(String location) {
			return set("spring.config.import", location);
		}

		Builder with(Class<?>... classes) {
			this.sources.addAll(List.of(classes));
			return this;
		}

		Builder web() {
			this.type = WebApplicationType.SERVLET;
			return set("server.port", "0");
		}

		App start() {
			return new App(new SpringApplicationBuilder(this.sources.toArray(Class<?>[]::new)).web(this.type)
				.run(this.properties.entrySet()
					.stream()
					.map((property) -> "--" + property.getKey() + "=" + property.getValue())
					.toArray(String[]::new)));
		}

	}

}
