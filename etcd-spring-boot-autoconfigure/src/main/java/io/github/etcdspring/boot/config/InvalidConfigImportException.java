/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.boot.config;

/**
 * An import of {@code etcd:} that cannot be read.
 */
final class InvalidConfigImportException extends IllegalArgumentException {

	private static final long serialVersionUID = 1L;

	private final String location;

	InvalidConfigImportException(String location) {
		super("invalid import '" + location + "' (expected: 'etcd:' or 'etcd:path;path')");
		this.location = location;
	}

	String location() {
		return this.location;
	}

}
