/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.spring;

import io.github.etcdspring.boot.leader.Leader;

/**
 * A job of all applications, whose role is called as an application is.
 */
class OrdersJob {

	static final String ROLE = "/orders";

	@Leader(ROLE)
	void run() {
	}

}
