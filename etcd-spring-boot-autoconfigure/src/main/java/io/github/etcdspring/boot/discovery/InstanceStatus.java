/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.boot.discovery;

/**
 * Whether an instance wants to be called.
 */
enum InstanceStatus {

	/** Ready. */
	UP,

	/** Alive, but not to be called. */
	OUT_OF_SERVICE

}
