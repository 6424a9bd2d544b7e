/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.service;

import io.github.etcdspring.EtcdResult;
import io.github.etcdspring.KeyValue;
import io.github.etcdspring.ResponseHeader;

/**
 * The leader of an election, at one moment.
 *
 * @param header the answer's header
 * @param kv the leader's key, with the value it last proclaimed; its create revision is
 * the fencing token
 */
public record LeaderResult(ResponseHeader header, KeyValue kv) implements EtcdResult {

}
