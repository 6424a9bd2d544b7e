/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.service;

import io.github.etcdspring.EtcdResult;
import io.github.etcdspring.ResponseHeader;

/**
 * A leadership that was won.
 *
 * @param header the answer's header
 * @param leader what to show to proclaim and to resign
 */
public record CampaignResult(ResponseHeader header, LeaderKey leader) implements EtcdResult {

}
