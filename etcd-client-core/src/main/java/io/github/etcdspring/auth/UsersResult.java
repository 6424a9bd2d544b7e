/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.auth;

import java.util.List;

import io.github.etcdspring.EtcdResult;
import io.github.etcdspring.ResponseHeader;

/**
 * The users of a cluster.
 *
 * @param header the answer's header
 * @param users their names; immutable
 */
public record UsersResult(ResponseHeader header, List<String> users) implements EtcdResult {

	/**
	 * Takes a copy of the list.
	 * @param header the answer's header
	 * @param users their names
	 */
	public UsersResult {
		users = List.copyOf(users);
	}

}
