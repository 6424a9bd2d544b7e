/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.auth;

import java.util.List;

import io.github.etcdspring.EtcdResult;
import io.github.etcdspring.ResponseHeader;

/**
 * The roles of a cluster.
 *
 * @param header the answer's header
 * @param roles their names; immutable
 */
public record RolesResult(ResponseHeader header, List<String> roles) implements EtcdResult {

	/**
	 * Takes a copy of the list.
	 * @param header the answer's header
	 * @param roles their names
	 */
	public RolesResult {
		roles = List.copyOf(roles);
	}

}
