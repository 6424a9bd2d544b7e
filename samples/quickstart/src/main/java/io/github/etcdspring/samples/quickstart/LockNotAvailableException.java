/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.samples.quickstart;

import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.ResponseStatus;

/**
 * The lock could not be had, or was lost; the caller may try again.
 */
@ResponseStatus(HttpStatus.SERVICE_UNAVAILABLE)
class LockNotAvailableException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	LockNotAvailableException(String message) {
		super(message);
	}

}
