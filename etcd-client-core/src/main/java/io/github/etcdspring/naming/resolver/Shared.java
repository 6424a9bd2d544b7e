/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.naming.resolver;

/**
 * What all channels of a provider share.
 *
 * @param lastKnown what the last resolver of a service knew
 * @param leftOut what has been logged
 * @param lookup finds hosts
 */
record Shared(LastKnown lastKnown, LeftOut leftOut, HostLookup lookup) {

	static Shared of(HostLookup lookup) {
		return new Shared(new LastKnown(), new LeftOut(), lookup);
	}

}
