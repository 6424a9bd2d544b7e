/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.service;

import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.EtcdResult;
import io.github.etcdspring.ResponseHeader;

/**
 * A lock that was won.
 *
 * @param header the answer's header
 * @param key the key that holds the lock as long as it exists
 */
public record LockResult(ResponseHeader header, ByteSequence key) implements EtcdResult {

}
