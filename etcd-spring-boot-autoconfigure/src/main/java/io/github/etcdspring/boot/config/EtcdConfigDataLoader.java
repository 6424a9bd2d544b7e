/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.boot.config;

import java.util.List;
import java.util.Map;

import io.github.etcdspring.EtcdException;
import io.github.etcdspring.boot.connection.BootstrapEtcdClient;
import org.apache.commons.logging.Log;
import org.springframework.boot.bootstrap.ConfigurableBootstrapContext;
import org.springframework.boot.context.config.ConfigData;
import org.springframework.boot.context.config.ConfigData.Option;
import org.springframework.boot.context.config.ConfigData.Options;
import org.springframework.boot.context.config.ConfigData.PropertySourceOptions;
import org.springframework.boot.context.config.ConfigDataLoader;
import org.springframework.boot.context.config.ConfigDataLoaderContext;
import org.springframework.boot.logging.DeferredLogFactory;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.PropertySource;

/**
 * Loads one context. The first of an import reads all of them, at one revision; the
 * others and every refresh take what is there. There is always a source, though it may be
 * empty: one that went missing would leave its old values behind.
 */
final class EtcdConfigDataLoader implements ConfigDataLoader<EtcdConfigDataResource> {

	private final Log logger;

	private final Log propertiesLogger;

	EtcdConfigDataLoader(DeferredLogFactory logFactory) {
		this.logger = logFactory.getLog(EtcdConfigDataLoader.class);
		this.propertiesLogger = logFactory.getLog(RemoteProperties.class);
	}

	@Override
	public ConfigData load(ConfigDataLoaderContext context, EtcdConfigDataResource resource) {
		if (!resource.isEnabled()) {
			return data(new MapPropertySource("etcd:" + resource.context().prefix(), Map.of()), resource);
		}
		ConfigurableBootstrapContext bootstrap = context.getBootstrapContext();
		LiveConfig live = LiveConfigs.of(bootstrap)
			.computeIfAbsent(resource.together(), () -> read(BootstrapEtcdClient.of(bootstrap), resource));
		return data(new EtcdPropertySource(live, resource.context()), resource);
	}

	private static ConfigData data(PropertySource<?> source, EtcdConfigDataResource resource) {
		Options options = Options.of(Option.IGNORE_IMPORTS, Option.IGNORE_PROFILES);
		return new ConfigData(List.of(source), PropertySourceOptions
			.always(resource.context().profileSpecific() ? options.with(Option.PROFILE_SPECIFIC) : options));
	}

	private LiveConfig read(BootstrapEtcdClient etcd, EtcdConfigDataResource resource) {
		EtcdConfigProperties properties = resource.properties();
		ConfigReader reader = new ConfigReader(etcd.client(), resource.together(),
				new RemoteProperties(properties.allowExpressions(), this.propertiesLogger));
		ConfigSnapshot snapshot;
		try {
			snapshot = reader.read(properties.startupTimeout());
			this.logger.info("Imported configuration from etcd at revision " + snapshot.revision());
		}
		catch (EtcdException | ConfigReadTimeoutException ex) {
			EtcdConfigUnavailableException failure = new EtcdConfigUnavailableException(resource, etcd, ex);
			if (resource.isMandatory()) {
				throw failure;
			}
			this.logger.warn("Starting without configuration from etcd, which follows when etcd answers: "
					+ failure.getMessage());
			snapshot = ConfigSnapshot.EMPTY;
		}
		return new LiveConfig(resource.together(), properties, reader, snapshot);
	}

}
