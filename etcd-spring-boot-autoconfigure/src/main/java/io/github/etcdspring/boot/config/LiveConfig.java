/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.boot.config;

import java.util.List;

/**
 * The present snapshot of one import. All property sources of the import read through it,
 * so that one write shows them a new revision, all at once. Thread-safe.
 */
final class LiveConfig {

	private final List<ConfigContext> contexts;

	private final EtcdConfigProperties properties;

	private final ConfigReader reader;

	private volatile ConfigSnapshot snapshot;

	LiveConfig(List<ConfigContext> contexts, EtcdConfigProperties properties, ConfigReader reader,
			ConfigSnapshot snapshot) {
		this.contexts = contexts;
		this.properties = properties;
		this.reader = reader;
		this.snapshot = snapshot;
	}

	List<ConfigContext> contexts() {
		return this.contexts;
	}

	EtcdConfigProperties properties() {
		return this.properties;
	}

	ConfigReader reader() {
		return this.reader;
	}

	ConfigSnapshot snapshot() {
		return this.snapshot;
	}

	void show(ConfigSnapshot snapshot) {
		this.snapshot = snapshot;
	}

}
