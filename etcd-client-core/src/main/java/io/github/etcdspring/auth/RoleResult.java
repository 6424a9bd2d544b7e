/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.auth;

import java.util.List;

import io.github.etcdspring.EtcdResult;
import io.github.etcdspring.ResponseHeader;

/**
 * What etcd knows of a role.
 *
 * @param header the answer's header
 * @param permissions what the role may do; immutable
 */
public record RoleResult(ResponseHeader header, List<Permission> permissions) implements EtcdResult {

	/**
	 * Takes a copy of the list.
	 * @param header the answer's header
	 * @param permissions what the role may do
	 */
	public RoleResult {
		permissions = List.copyOf(permissions);
	}

}
