/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

/**
 * An answer that can not be one of etcd's. Reaches the call as the cause of the status
 * with which gRPC ends it.
 */
final class SenselessAnswerException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	SenselessAnswerException(String reason) {
		super(reason);
	}

	SenselessAnswerException(String reason, Throwable cause) {
		super(reason, cause);
	}

}
