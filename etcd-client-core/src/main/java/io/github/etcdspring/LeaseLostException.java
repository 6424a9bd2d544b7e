/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring;

import org.jspecify.annotations.Nullable;

/**
 * The lease that an operation rested on was lost meanwhile: a session ended while waiting
 * for a lock, or a lock or leadership was no longer held when it was given back.
 */
public final class LeaseLostException extends EtcdException {

	private static final long serialVersionUID = 1L;

	/**
	 * Creates the exception.
	 * @param details what is known of the failure
	 * @param cause what caused it, if known
	 */
	public LeaseLostException(FailureDetails details, @Nullable Throwable cause) {
		super(details, cause);
	}

	@Override
	LeaseLostException with(FailureDetails details) {
		return new LeaseLostException(details, getCause());
	}

}
