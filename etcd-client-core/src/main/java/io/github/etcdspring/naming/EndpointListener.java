/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.naming;

/**
 * What a cache of endpoints tells. Calls come one at a time, in order, on the client's
 * callback executor; the cache does not wait for them. What changes while a call is under
 * way is told in one. After the close no call begins but one that was about to. An
 * exception thrown here is logged.
 */
@FunctionalInterface
public interface EndpointListener {

	/**
	 * Takes a change. The first one goes from no endpoints at revision 0 to those found
	 * first, also if there are none; each further one differs.
	 * @param change the change; the cache returns its {@code current}, or later ones
	 */
	void onChange(EndpointChange change);

}
