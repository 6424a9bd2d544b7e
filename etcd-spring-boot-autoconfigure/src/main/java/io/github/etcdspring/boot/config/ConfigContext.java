/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.boot.config;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import io.github.etcdspring.KeyRange;
import io.github.etcdspring.boot.connection.KeySegment;
import org.springframework.boot.context.config.Profiles;
import org.springframework.util.StringUtils;

/**
 * One place that configuration is read from: the keys under a prefix.
 *
 * @param prefix the prefix, with a {@code /} at its end
 * @param profileSpecific whether it belongs to a profile
 */
record ConfigContext(String prefix, boolean profileSpecific) {

	/**
	 * Returns the contexts of an application, the one that wins last: what all share, the
	 * application's own, what all share for each profile, its own for each profile. That
	 * is where Boot puts them when the import stands in a file; from the command line it
	 * takes the order as it is here.
	 */
	static List<ConfigContext> of(EtcdConfigProperties properties, String application, Profiles profiles) {
		Set<ConfigContext> contexts = new LinkedHashSet<>();
		List<String> names = List.of(properties.defaultContext(), KeySegment.encode(application));
		names.forEach((name) -> addContexts(contexts, properties, name, false));
		for (String name : names) {
			for (String profile : profiles) {
				addContexts(contexts, properties, name + properties.profileSeparator() + KeySegment.encode(profile),
						true);
			}
		}
		return new ArrayList<>(contexts);
	}

	private static void addContexts(Set<ConfigContext> contexts, EtcdConfigProperties properties, String name,
			boolean profileSpecific) {
		for (String prefix : properties.prefixes()) {
			contexts.add(new ConfigContext(trim(prefix) + "/" + name + "/", profileSpecific));
		}
	}

	/** Returns the context of a path written in the import itself. */
	static ConfigContext ofPath(String path) {
		return new ConfigContext(trim(path) + "/", false);
	}

	private static String trim(String path) {
		return StringUtils.trimTrailingCharacter(path.trim(), '/');
	}

	KeyRange range() {
		return KeyRange.prefix(this.prefix);
	}

}
