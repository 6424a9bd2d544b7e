/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.service;

import io.github.etcdspring.EtcdResult;
import io.github.etcdspring.ResponseHeader;

/**
 * What a proclamation returned.
 *
 * @param header the answer's header
 */
public record ProclaimResult(ResponseHeader header) implements EtcdResult {

}
