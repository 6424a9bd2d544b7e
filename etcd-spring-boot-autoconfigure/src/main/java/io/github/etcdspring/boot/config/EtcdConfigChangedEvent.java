/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.boot.config;

import java.util.Set;

import org.springframework.context.ApplicationEvent;

/**
 * Configuration in etcd has changed, and the application's environment shows it already.
 * Published on a thread of the client's callback executor, after beans in refresh scope
 * and configuration properties have been renewed, where the application has them. Names
 * what changed, never the values.
 *
 * @serial exclude
 */
public final class EtcdConfigChangedEvent extends ApplicationEvent {

	private static final long serialVersionUID = 1L;

	private final Set<String> names;

	private final long revision;

	EtcdConfigChangedEvent(Object source, Set<String> names, long revision) {
		super(source);
		this.names = Set.copyOf(names);
		this.revision = revision;
	}

	/**
	 * Returns what changed.
	 * @return the names of properties that were added, changed or removed in one of the
	 * contexts; immutable
	 */
	public Set<String> names() {
		return this.names;
	}

	/**
	 * Returns the revision shown now.
	 * @return the revision that all contexts were read at
	 */
	public long revision() {
		return this.revision;
	}

}
