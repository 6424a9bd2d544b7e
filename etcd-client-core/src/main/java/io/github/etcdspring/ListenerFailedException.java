/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring;

import org.jspecify.annotations.Nullable;

/**
 * A watch ended since its listener threw and does not go on after that.
 *
 * @serial exclude
 */
public final class ListenerFailedException extends EtcdException {

	private static final long serialVersionUID = 1L;

	/**
	 * Creates the exception.
	 * @param details what is known of the failure
	 * @param cause what the listener threw
	 */
	public ListenerFailedException(FailureDetails details, @Nullable Throwable cause) {
		super(details, cause);
	}

	@Override
	ListenerFailedException with(FailureDetails details) {
		return new ListenerFailedException(details, getCause());
	}

}
