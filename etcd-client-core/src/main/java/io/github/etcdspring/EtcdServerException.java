/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring;

import org.jspecify.annotations.Nullable;

/**
 * The server, or something on the way to it, failed in a way that the API does not
 * foresee.
 */
public final class EtcdServerException extends EtcdException {

	private static final long serialVersionUID = 1L;

	/**
	 * Creates the exception.
	 * @param details what is known of the failure
	 * @param cause what caused it, if known
	 */
	public EtcdServerException(FailureDetails details, @Nullable Throwable cause) {
		super(details, cause);
	}

	@Override
	EtcdServerException with(FailureDetails details) {
		return new EtcdServerException(details, getCause());
	}

}
