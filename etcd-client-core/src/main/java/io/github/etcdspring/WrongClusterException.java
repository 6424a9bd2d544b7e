/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring;

import org.jspecify.annotations.Nullable;

/**
 * A member answered that belongs to another cluster than the one the client was told to
 * expect. Nothing it says is used. Check the endpoints; the expectation is
 * {@code EtcdClientOptions.Builder.expectedClusterId}.
 *
 * @serial exclude
 */
public final class WrongClusterException extends EtcdException {

	private static final long serialVersionUID = 1L;

	private final long clusterId;

	/**
	 * Creates the exception.
	 * @param details what is known of the failure
	 * @param clusterId the id of the cluster that answered, an unsigned number
	 * @param cause what caused it, if known
	 */
	public WrongClusterException(FailureDetails details, long clusterId, @Nullable Throwable cause) {
		super(details, cause);
		this.clusterId = clusterId;
	}

	/**
	 * Returns the cluster that answered.
	 * @return its id, an unsigned number
	 */
	public long clusterId() {
		return this.clusterId;
	}

	@Override
	WrongClusterException with(FailureDetails details) {
		return new WrongClusterException(details, this.clusterId, getCause());
	}

}
