/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.lease;

import io.github.etcdspring.EtcdResult;
import io.github.etcdspring.ResponseHeader;

/**
 * What the end of a lease returned.
 *
 * @param header the answer's header; its revision is that of the deletion of the lease's
 * keys
 */
public record RevokeResult(ResponseHeader header) implements EtcdResult {

}
