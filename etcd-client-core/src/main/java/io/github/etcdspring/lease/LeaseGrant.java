/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.lease;

import java.time.Duration;

import io.github.etcdspring.EtcdResult;
import io.github.etcdspring.LeaseId;
import io.github.etcdspring.ResponseHeader;

/**
 * A lease that etcd granted or renewed.
 *
 * @param header the header of the answer
 * @param id its id
 * @param ttl how long it lives without being kept alive, as the server granted it
 * @param requestedAtNanos the reading of the client's ticker just before the grant, or
 * the renewal, was first sent: the moment the TTL is counted from, since the server can
 * not have begun earlier
 */
public record LeaseGrant(ResponseHeader header, LeaseId id, Duration ttl, long requestedAtNanos) implements EtcdResult {

}
