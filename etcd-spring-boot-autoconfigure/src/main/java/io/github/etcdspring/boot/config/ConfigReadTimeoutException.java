/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.boot.config;

import java.time.Duration;

import io.github.etcdspring.EtcdException;
import org.jspecify.annotations.Nullable;

/**
 * Configuration was not read in time.
 */
final class ConfigReadTimeoutException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	/**
	 * Creates the exception.
	 * @param before what etcd answered at first, if it did
	 */
	ConfigReadTimeoutException(Duration timeout, @Nullable EtcdException before) {
		super("etcd did not answer within " + timeout.toMillis() + " ms"
				+ ((before != null) ? "; before: " + before.getMessage() : ""), before);
	}

}
