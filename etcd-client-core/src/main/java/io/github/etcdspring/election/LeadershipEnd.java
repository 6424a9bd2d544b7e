/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.election;

/**
 * Why a leadership is over.
 */
public enum LeadershipEnd {

	/** The leader resigned. */
	RESIGNED,

	/** The leader's lease was lost, or could no longer be relied on. */
	LEASE_LOST,

	/** Somebody else deleted the leader's key. */
	KEY_DELETED

}
