/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.maintenance;

import io.github.etcdspring.EtcdResult;
import io.github.etcdspring.ResponseHeader;

/**
 * What a step of a downgrade returned.
 *
 * @param header the answer's header
 * @param version the version that the cluster is at now, such as {@code 3.6.0}: not the
 * target
 */
public record DowngradeResult(ResponseHeader header, String version) implements EtcdResult {

}
