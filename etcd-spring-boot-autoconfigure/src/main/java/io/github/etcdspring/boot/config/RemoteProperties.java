/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.boot.config;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.KeyValue;
import org.apache.commons.logging.Log;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;

/**
 * Turns the keys of contexts into properties. Whoever may write a key must not gain more
 * than that: what would let a value run code, or make the application trust another
 * source, is left out and reported once by name. Used by one thread at a time.
 */
final class RemoteProperties {

	/** Names with which the application decides what it loads, trusts and exposes. */
	private static final List<ConfigurationPropertyName> DENIED = Stream
		.of("etcd", "java", "jdk", "logging.config", "management.endpoint", "management.endpoints",
				"spring.autoconfigure", "spring.cloud.bootstrap", "spring.config", "spring.jmx", "spring.main",
				"spring.profiles")
		.map(ConfigurationPropertyName::of)
		.toList();

	private final boolean allowExpressions;

	/** Defers while the first snapshot is read: the log is not there before it. */
	private final Log logger;

	/** For each key that the last read left out, the revision that was reported. */
	private final Map<ConfigContext, Map<ByteSequence, Long>> reported = new HashMap<>();

	RemoteProperties(boolean allowExpressions, Log logger) {
		this.allowExpressions = allowExpressions;
		this.logger = logger;
	}

	Map<String, ConfigValue> read(ConfigContext context, List<KeyValue> kvs) {
		Map<String, ConfigValue> properties = new HashMap<>();
		Map<ByteSequence, Long> leftOut = new HashMap<>();
		for (KeyValue kv : kvs) {
			String key = kv.key().toUtf8();
			String name = key.substring(context.prefix().length()).replace('/', '.');
			String value = kv.value().toUtf8();
			String refusal = refusalOf(name, value);
			if (refusal == null) {
				properties.put(name, new ConfigValue(value, key, kv.modRevision()));
			}
			else {
				report(context, kv, refusal);
				leftOut.put(kv.key(), kv.modRevision());
			}
		}
		this.reported.put(context, leftOut);
		return Map.copyOf(properties);
	}

	private @Nullable String refusalOf(String name, String value) {
		if (name.isEmpty() || name.indexOf('\uFFFD') >= 0) {
			return "it names no property";
		}
		ConfigurationPropertyName property = ConfigurationPropertyName.adapt(name, '.');
		if (DENIED.stream().anyMatch((denied) -> denied.equals(property) || denied.isAncestorOf(property))) {
			return "a remote source may not set this property";
		}
		if (!this.allowExpressions && ExpressionFilter.mayBecomeExpression(value)) {
			return "its value holds an expression, or could become part of one; etcd.config.allow-expressions=true would let it be evaluated";
		}
		return null;
	}

	private void report(ConfigContext context, KeyValue kv, String refusal) {
		Long before = this.reported.getOrDefault(context, Map.of()).get(kv.key());
		if (before == null || before != kv.modRevision()) {
			this.logger
				.warn("etcd key '" + kv.key() + "' at revision " + kv.modRevision() + " is left out: " + refusal);
		}
	}

}
