/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.naming.resolver;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/**
 * Asks who a host is. May block; thread-safe.
 */
@FunctionalInterface
interface HostLookup {

	/** That of the JVM, which remembers answers for a while. */
	HostLookup SYSTEM = (name) -> List.of(InetAddress.getAllByName(name));

	/** Returns the addresses of a host, one at least. */
	List<InetAddress> of(String name) throws UnknownHostException;

}
