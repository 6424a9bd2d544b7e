/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.boot.config;

import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.origin.Origin;
import org.springframework.boot.origin.OriginLookup;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.util.StringUtils;

/**
 * The properties of one context, as the import's present snapshot has them.
 */
final class EtcdPropertySource extends EnumerablePropertySource<LiveConfig> implements OriginLookup<String> {

	private final ConfigContext context;

	EtcdPropertySource(LiveConfig live, ConfigContext context) {
		super("etcd:" + context.prefix(), live);
		this.context = context;
	}

	private Map<String, ConfigValue> properties() {
		return this.source.snapshot().context(this.context);
	}

	@Override
	public String[] getPropertyNames() {
		return StringUtils.toStringArray(properties().keySet());
	}

	@Override
	public boolean containsProperty(String name) {
		return properties().containsKey(name);
	}

	@Override
	public @Nullable Object getProperty(String name) {
		ConfigValue value = properties().get(name);
		return (value != null) ? value.value() : null;
	}

	@Override
	public @Nullable Origin getOrigin(String name) {
		return properties().get(name);
	}

}
