/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.auth;

import io.github.etcdspring.EtcdResult;
import io.github.etcdspring.ResponseHeader;

/**
 * What a change of users, roles or permissions returned.
 *
 * @param header the answer's header
 */
public record AuthResult(ResponseHeader header) implements EtcdResult {

}
