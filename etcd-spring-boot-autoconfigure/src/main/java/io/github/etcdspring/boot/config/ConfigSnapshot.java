/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.boot.config;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

import org.jspecify.annotations.Nullable;

/**
 * What all contexts of an import held at one revision. Immutable.
 *
 * @param revision the revision; 0 if nothing has been read
 * @param contexts for each context its properties by name
 */
record ConfigSnapshot(long revision, Map<ConfigContext, Map<String, ConfigValue>> contexts) {

	static final ConfigSnapshot EMPTY = new ConfigSnapshot(0, Map.of());

	ConfigSnapshot {
		contexts = Map.copyOf(contexts);
	}

	Map<String, ConfigValue> context(ConfigContext context) {
		return this.contexts.getOrDefault(context, Map.of());
	}

	/**
	 * Returns the names of the properties that have another value in another snapshot, or
	 * none.
	 */
	Set<String> namesThatDiffer(ConfigSnapshot other) {
		Set<String> names = new TreeSet<>();
		Map<ConfigContext, Map<String, ConfigValue>> all = new HashMap<>(this.contexts);
		other.contexts.forEach(all::putIfAbsent);
		for (ConfigContext context : all.keySet()) {
			Map<String, ConfigValue> here = context(context);
			Map<String, ConfigValue> there = other.context(context);
			here.keySet().stream().filter((name) -> differ(here.get(name), there.get(name))).forEach(names::add);
			there.keySet().stream().filter((name) -> !here.containsKey(name)).forEach(names::add);
		}
		return names;
	}

	/** Says which keys properties of these names come from; never their values. */
	List<String> origins(Set<String> names) {
		return this.contexts.values()
			.stream()
			.flatMap((properties) -> properties.entrySet().stream())
			.filter((property) -> names.contains(property.getKey()))
			.map((property) -> property.getValue().toString())
			.sorted()
			.toList();
	}

	private static boolean differ(@Nullable ConfigValue a, @Nullable ConfigValue b) {
		return a == null || b == null || !Objects.equals(a.value(), b.value());
	}

}
