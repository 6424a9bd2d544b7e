/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring;

import org.jspecify.annotations.Nullable;

/**
 * A software transaction was given up: in each of its {@linkplain #attempts() attempts}
 * others wrote what it had read, or was about to write, before it could commit. Nothing
 * was written, so it may be run again, better at a time when fewer want the same keys.
 */
public final class StmConflictException extends EtcdException {

	private static final long serialVersionUID = 1L;

	/**
	 * Creates the exception.
	 * @param details what is known of the failure
	 * @param cause what caused it, if known
	 */
	public StmConflictException(FailureDetails details, @Nullable Throwable cause) {
		super(details, cause);
	}

	@Override
	StmConflictException with(FailureDetails details) {
		return new StmConflictException(details, getCause());
	}

}
