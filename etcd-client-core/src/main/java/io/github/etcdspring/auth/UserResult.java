/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.auth;

import java.util.List;

import io.github.etcdspring.EtcdResult;
import io.github.etcdspring.ResponseHeader;

/**
 * What etcd knows of a user.
 *
 * @param header the answer's header
 * @param roles the names of the roles the user has; immutable
 */
public record UserResult(ResponseHeader header, List<String> roles) implements EtcdResult {

	/**
	 * Takes a copy of the list.
	 * @param header the answer's header
	 * @param roles the names of the roles
	 */
	public UserResult {
		roles = List.copyOf(roles);
	}

}
