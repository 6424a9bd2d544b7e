/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring;

import org.jspecify.annotations.Nullable;

/**
 * The user is known but holds no role that permits the call. Grant one; repeating the
 * call does not help.
 */
public final class EtcdPermissionException extends EtcdException {

	private static final long serialVersionUID = 1L;

	/**
	 * Creates the exception.
	 * @param details what is known of the failure
	 * @param cause what caused it, if known
	 */
	public EtcdPermissionException(FailureDetails details, @Nullable Throwable cause) {
		super(details, cause);
	}

	@Override
	EtcdPermissionException with(FailureDetails details) {
		return new EtcdPermissionException(details, getCause());
	}

}
