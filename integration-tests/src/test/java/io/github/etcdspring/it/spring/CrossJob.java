/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.spring;

import io.github.etcdspring.boot.leader.Leader;

/**
 * A job that only one of all applications runs.
 */
class CrossJob {

	static final String ROLE = "/cross";

	@Leader(ROLE)
	void run() {
	}

}
