/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring;

import org.jspecify.annotations.Nullable;

/**
 * The database has reached its quota, so that etcd takes no more keys and leases, while
 * reads, deletions and compactions go on. Delete what can go, compact, defragment each
 * member and disarm the alarm; until then do without writing. A member may find it out
 * only when it has applied the write: see {@link #outcome()}.
 */
public final class EtcdNoSpaceException extends EtcdException {

	private static final long serialVersionUID = 1L;

	/**
	 * Creates the exception.
	 * @param details what is known of the failure
	 * @param cause what caused it, if known
	 */
	public EtcdNoSpaceException(FailureDetails details, @Nullable Throwable cause) {
		super(details, cause);
	}

	@Override
	EtcdNoSpaceException with(FailureDetails details) {
		return new EtcdNoSpaceException(details, getCause());
	}

}
