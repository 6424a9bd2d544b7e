/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.naming;

/**
 * What an entry says.
 *
 * @param id what follows the target in its key
 * @param endpoint the endpoint
 */
record NamedEndpoint(String id, Endpoint endpoint) {

}
