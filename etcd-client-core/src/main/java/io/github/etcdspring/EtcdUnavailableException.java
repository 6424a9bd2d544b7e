/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring;

import org.jspecify.annotations.Nullable;

/**
 * No member could serve the call: none was reachable, the cluster had no leader or no
 * quorum, or the connection broke. Later the same call may succeed; {@link #outcome()}
 * says whether this one had an effect.
 */
public final class EtcdUnavailableException extends EtcdException {

	private static final long serialVersionUID = 1L;

	/**
	 * Creates the exception.
	 * @param details what is known of the failure
	 * @param cause what caused it, if known
	 */
	public EtcdUnavailableException(FailureDetails details, @Nullable Throwable cause) {
		super(details, cause);
	}

	@Override
	EtcdUnavailableException with(FailureDetails details) {
		return new EtcdUnavailableException(details, getCause());
	}

}
