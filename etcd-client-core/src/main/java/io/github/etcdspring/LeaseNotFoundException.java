/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring;

import org.jspecify.annotations.Nullable;

/**
 * The lease does not exist, or no longer. Whatever it held is gone; grant a new one.
 */
public final class LeaseNotFoundException extends EtcdException {

	private static final long serialVersionUID = 1L;

	/**
	 * Creates the exception.
	 * @param details what is known of the failure
	 * @param cause what caused it, if known
	 */
	public LeaseNotFoundException(FailureDetails details, @Nullable Throwable cause) {
		super(details, cause);
	}

	@Override
	LeaseNotFoundException with(FailureDetails details) {
		return new LeaseNotFoundException(details, getCause());
	}

}
