/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.boot;

import io.github.etcdspring.boot.leader.Leader;

/**
 * A guarded method that a bean class of another package inherits and can not override.
 */
public class JobOfAnotherPackage {

	@Leader("elsewhere")
	void run() {
	}

}
