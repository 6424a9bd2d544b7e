/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.boot.config;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;

import org.springframework.boot.bootstrap.ConfigurableBootstrapContext;

/**
 * The imports of an application, kept in the bootstrap context: a refresh runs the loader
 * again, and is served from here without I/O.
 */
final class LiveConfigs {

	private static final String BEAN_NAME = "etcdLiveConfigs";

	private final Map<List<ConfigContext>, LiveConfig> byContexts = new LinkedHashMap<>();

	static LiveConfigs of(ConfigurableBootstrapContext bootstrap) {
		if (!bootstrap.isRegistered(LiveConfigs.class)) {
			bootstrap.register(LiveConfigs.class, (context) -> new LiveConfigs());
			bootstrap.addCloseListener((event) -> event.getApplicationContext()
				.getBeanFactory()
				.registerSingleton(BEAN_NAME,
						Objects.requireNonNull(event.getBootstrapContext().get(LiveConfigs.class))));
		}
		return Objects.requireNonNull(bootstrap.get(LiveConfigs.class));
	}

	synchronized LiveConfig computeIfAbsent(List<ConfigContext> contexts, Supplier<LiveConfig> reader) {
		LiveConfig live = this.byContexts.get(contexts);
		if (live == null) {
			live = reader.get();
			this.byContexts.put(contexts, live);
		}
		return live;
	}

	synchronized Collection<LiveConfig> all() {
		return List.copyOf(this.byContexts.values());
	}

}
