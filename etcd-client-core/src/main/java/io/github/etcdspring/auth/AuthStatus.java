/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.auth;

import io.github.etcdspring.EtcdResult;
import io.github.etcdspring.ResponseHeader;

/**
 * Whether a cluster knows its users.
 *
 * @param header the answer's header
 * @param enabled whether authentication is on
 * @param authRevision an unsigned number that grows with every change of users, roles and
 * permissions
 */
public record AuthStatus(ResponseHeader header, boolean enabled, long authRevision) implements EtcdResult {

}
