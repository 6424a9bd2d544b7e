/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.internal;

/**
 * The future of a call, which completes on an executor unless it is told not to.
 */
public interface Redirectable {

	/**
	 * Lets it complete where the call ends: see {@link HandedOff#direct}. What was handed
	 * to the executor before comes from there.
	 */
	void goDirect();

}
