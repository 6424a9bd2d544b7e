/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.rules.planted.naming.resolver;

import io.github.etcdspring.LeaseId;

/**
 * Breaks {@code resolverUsesOnlyNamingAndGrpc}.
 */
final class ResolverThatUsesLease {

	LeaseId lease() {
		return LeaseId.NONE;
	}

}
