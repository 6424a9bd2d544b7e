/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring;

import org.jspecify.annotations.Nullable;

/**
 * The server understood the call and refused it as it stands: an argument, a limit or the
 * state of the store is in the way. Change the request or the state before another try.
 */
public final class EtcdRequestException extends EtcdException {

	private static final long serialVersionUID = 1L;

	/**
	 * Creates the exception.
	 * @param details what is known of the failure
	 * @param cause what caused it, if known
	 */
	public EtcdRequestException(FailureDetails details, @Nullable Throwable cause) {
		super(details, cause);
	}

	@Override
	EtcdRequestException with(FailureDetails details) {
		return new EtcdRequestException(details, getCause());
	}

}
