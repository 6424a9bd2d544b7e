/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.boot.config;

import java.time.Duration;

/**
 * Configuration was not read in time.
 */
final class ConfigReadTimeoutException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	ConfigReadTimeoutException(Duration timeout) {
		super("etcd did not answer within " + timeout.toMillis() + " ms");
	}

}
