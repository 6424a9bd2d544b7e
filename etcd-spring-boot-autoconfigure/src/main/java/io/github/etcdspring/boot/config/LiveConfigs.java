/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.boot.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.bootstrap.ConfigurableBootstrapContext;

/**
 * The imports of an application, kept in the bootstrap context: a refresh runs the loader
 * again, and is served from here without I/O.
 */
final class LiveConfigs {

	private static final String BEAN_NAME = "etcdLiveConfigs";

	/** Guards the fields below; held while an import is read, so that it is read once. */
	private final ReentrantLock lock = new ReentrantLock();

	private final Map<List<ConfigContext>, LiveConfig> byContexts = new LinkedHashMap<>();

	private @Nullable Consumer<LiveConfig> follower;

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

	LiveConfig computeIfAbsent(List<ConfigContext> contexts, Supplier<LiveConfig> reader) {
		this.lock.lock();
		try {
			LiveConfig live = this.byContexts.get(contexts);
			if (live == null) {
				live = reader.get();
				this.byContexts.put(contexts, live);
				if (this.follower != null) {
					this.follower.accept(live);
				}
			}
			return live;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Gives the imports to somebody who follows them: those there are, and each that a
	 * refresh adds.
	 * @param follower takes each import; {@code null} for nobody any more
	 */
	void follow(@Nullable Consumer<LiveConfig> follower) {
		this.lock.lock();
		try {
			this.follower = follower;
			if (follower != null) {
				this.byContexts.values().forEach(follower);
			}
		}
		finally {
			this.lock.unlock();
		}
	}

}
