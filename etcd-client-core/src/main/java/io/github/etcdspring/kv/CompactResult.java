/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.kv;

import io.github.etcdspring.EtcdResult;
import io.github.etcdspring.ResponseHeader;

/**
 * What a compaction returned.
 *
 * @param header the answer's header
 */
public record CompactResult(ResponseHeader header) implements EtcdResult {

}
