/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring;

import org.jspecify.annotations.Nullable;

/**
 * This server does not have the call: it is older than the call, or a proxy that does not
 * pass it on. The message names the call. Do without it, or upgrade every member.
 */
public final class EtcdUnsupportedException extends EtcdException {

	private static final long serialVersionUID = 1L;

	/**
	 * Creates the exception.
	 * @param details what is known of the failure
	 * @param cause what caused it, if known
	 */
	public EtcdUnsupportedException(FailureDetails details, @Nullable Throwable cause) {
		super(details, cause);
	}

	@Override
	EtcdUnsupportedException with(FailureDetails details) {
		return new EtcdUnsupportedException(details, getCause());
	}

}
