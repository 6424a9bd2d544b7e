/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.boot.config;

import java.util.List;
import java.util.Optional;

import io.github.etcdspring.boot.connection.BootstrapEtcdClient;
import org.jspecify.annotations.Nullable;

/**
 * A mandatory import could not be read from etcd.
 *
 * @serial exclude
 */
public final class EtcdConfigUnavailableException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	private final String location;

	private final String resource;

	private final List<String> endpoints;

	private final @Nullable String username;

	EtcdConfigUnavailableException(EtcdConfigDataResource resource, BootstrapEtcdClient etcd, RuntimeException cause) {
		super("could not import " + resource.describeTogether() + " from " + etcd.endpoints() + ": "
				+ cause.getMessage(), cause);
		this.location = resource.location();
		this.resource = resource.describeTogether();
		this.endpoints = List.copyOf(etcd.endpoints());
		this.username = etcd.username().orElse(null);
	}

	/**
	 * Returns the import.
	 * @return the location in {@code spring.config.import}
	 */
	public String location() {
		return this.location;
	}

	/**
	 * Returns what was to be read.
	 * @return a description of the keys
	 */
	public String resource() {
		return this.resource;
	}

	/**
	 * Returns where it was to be read from.
	 * @return the endpoints
	 */
	public List<String> endpoints() {
		return this.endpoints;
	}

	/**
	 * Returns who asked for it.
	 * @return the user name; empty if there is none
	 */
	public Optional<String> username() {
		return Optional.ofNullable(this.username);
	}

}
