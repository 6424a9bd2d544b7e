/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.boot.config;

import java.util.Arrays;
import java.util.List;

import io.github.etcdspring.boot.connection.BootstrapEtcdClient;
import io.github.etcdspring.boot.connection.EtcdProperties;
import io.github.etcdspring.client.EtcdClient;
import org.springframework.boot.bootstrap.ConfigurableBootstrapContext;
import org.springframework.boot.context.config.ConfigDataLocation;
import org.springframework.boot.context.config.ConfigDataLocationNotFoundException;
import org.springframework.boot.context.config.ConfigDataLocationResolver;
import org.springframework.boot.context.config.ConfigDataLocationResolverContext;
import org.springframework.boot.context.config.Profiles;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.logging.DeferredLogFactory;
import org.springframework.util.StringUtils;

/**
 * Resolves {@code etcd:} to the application's contexts, and {@code etcd:path;path} to the
 * contexts of those paths. Does no I/O.
 */
final class EtcdConfigDataLocationResolver implements ConfigDataLocationResolver<EtcdConfigDataResource> {

	static final String PREFIX = "etcd:";

	private final ConfigurableBootstrapContext bootstrap;

	private final DeferredLogFactory logFactory;

	EtcdConfigDataLocationResolver(ConfigurableBootstrapContext bootstrap, DeferredLogFactory logFactory) {
		this.bootstrap = bootstrap;
		this.logFactory = logFactory;
	}

	@Override
	public boolean isResolvable(ConfigDataLocationResolverContext context, ConfigDataLocation location) {
		return location.hasPrefix(PREFIX);
	}

	@Override
	public List<EtcdConfigDataResource> resolve(ConfigDataLocationResolverContext context,
			ConfigDataLocation location) {
		return List.of();
	}

	@Override
	public List<EtcdConfigDataResource> resolveProfileSpecific(ConfigDataLocationResolverContext context,
			ConfigDataLocation location, Profiles profiles) throws ConfigDataLocationNotFoundException {
		Binder binder = context.getBinder();
		EtcdConfigProperties properties = BootstrapEtcdClient.bind(this.bootstrap, binder, "etcd.config",
				EtcdConfigProperties.class);
		EtcdProperties connection = BootstrapEtcdClient.bind(this.bootstrap, binder, "etcd", EtcdProperties.class);
		boolean enabled = connection.enabled() && properties.enabled();
		if (enabled) {
			BootstrapEtcdClient.register(this.bootstrap, connection, this.logFactory.getLog(EtcdClient.class));
		}
		String path = location.getNonPrefixedValue(PREFIX).trim();
		List<ConfigContext> contexts = path.isEmpty()
				? ConfigContext.of(properties, applicationName(properties, binder), profiles) : paths(location, path);
		return contexts.stream()
			.map((each) -> new EtcdConfigDataResource(each, contexts, properties, enabled, location))
			.toList();
	}

	private static String applicationName(EtcdConfigProperties properties, Binder binder) {
		String name = StringUtils.hasText(properties.name()) ? properties.name()
				: binder.bind("spring.application.name", String.class).orElse("");
		return StringUtils.hasText(name) ? name : "application";
	}

	private static List<ConfigContext> paths(ConfigDataLocation location, String path) {
		List<String> paths = Arrays.stream(path.split(";")).map(String::trim).toList();
		for (String each : paths) {
			if (each.isEmpty() || each.contains("?") || each.contains("//")) {
				throw new InvalidConfigImportException(location.getValue());
			}
		}
		return paths.stream().map(ConfigContext::ofPath).toList();
	}

}
