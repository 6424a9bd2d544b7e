/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.lease;

/**
 * Why a lease is no longer kept alive.
 */
public enum LeaseEnd {

	/** The local deadline passed without an answered renewal. */
	EXPIRED,

	/** The server said that the lease does not exist: it expired there or was revoked. */
	NOT_FOUND,

	/** The keep-alive was closed by its owner, or the lease is kept alive by another. */
	STOPPED,

	/** The client was closed. */
	CLIENT_CLOSED

}
