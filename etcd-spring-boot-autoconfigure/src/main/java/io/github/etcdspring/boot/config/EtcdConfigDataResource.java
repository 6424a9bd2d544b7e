/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.boot.config;

import java.util.List;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.config.ConfigDataLocation;
import org.springframework.boot.context.config.ConfigDataResource;

/**
 * One context of an import. All contexts of one import are read together, so each knows
 * the others.
 */
final class EtcdConfigDataResource extends ConfigDataResource {

	private final ConfigContext context;

	private final List<ConfigContext> together;

	private final EtcdConfigProperties properties;

	private final boolean enabled;

	private final ConfigDataLocation location;

	EtcdConfigDataResource(ConfigContext context, List<ConfigContext> together, EtcdConfigProperties properties,
			boolean enabled, ConfigDataLocation location) {
		super(location.isOptional());
		this.context = context;
		this.together = together;
		this.properties = properties;
		this.enabled = enabled;
		this.location = location;
	}

	ConfigContext context() {
		return this.context;
	}

	List<ConfigContext> together() {
		return this.together;
	}

	EtcdConfigProperties properties() {
		return this.properties;
	}

	boolean isEnabled() {
		return this.enabled;
	}

	boolean isMandatory() {
		return !this.location.isOptional();
	}

	/** Returns the import as the user wrote it. */
	String location() {
		return this.location.getValue();
	}

	/** Names what is read together: permission to read it all is needed. */
	String describeTogether() {
		return this.together.stream()
			.map((each) -> "'" + each.prefix() + "'")
			.collect(Collectors.joining(", ", "etcd keys under ", ""));
	}

	@Override
	public boolean equals(@Nullable Object other) {
		return other instanceof EtcdConfigDataResource that && this.context.equals(that.context);
	}

	@Override
	public int hashCode() {
		return this.context.hashCode();
	}

	@Override
	public String toString() {
		return "etcd keys under '" + this.context.prefix() + "'";
	}

}
