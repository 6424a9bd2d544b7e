/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.maintenance;

import io.github.etcdspring.ResponseHeader;

/**
 * What the handing over of leadership returned.
 *
 * @param header the answer's header; etcd leaves it out, so that all its numbers are 0
 * and it names no member
 */
public record MoveLeaderResult(ResponseHeader header) {

}
