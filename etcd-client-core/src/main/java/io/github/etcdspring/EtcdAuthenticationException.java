/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring;

import org.jspecify.annotations.Nullable;

/**
 * The user name, the password or the token was refused, or the cluster wants one and none
 * was given. Give the client other credentials.
 */
public final class EtcdAuthenticationException extends EtcdException {

	private static final long serialVersionUID = 1L;

	/**
	 * Creates the exception.
	 * @param details what is known of the failure
	 * @param cause what caused it, if known
	 */
	public EtcdAuthenticationException(FailureDetails details, @Nullable Throwable cause) {
		super(details, cause);
	}

	@Override
	EtcdAuthenticationException with(FailureDetails details) {
		return new EtcdAuthenticationException(details, getCause());
	}

}
