/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.maintenance;

import java.util.OptionalLong;

import io.github.etcdspring.EtcdResult;
import io.github.etcdspring.ResponseHeader;

/**
 * The hash of all keys of one member, with their history. Hashes of two members are to be
 * the same if they were asked for at the same revision and have the same compact
 * revision; else they say nothing of each other.
 *
 * @param header the answer's header: names the member
 * @param hash the hash, an unsigned number of 32 bits
 * @param compactRevision the revision below which history is compacted; -1 if none ever
 * was
 * @param hashRevision the revision up to which was hashed; empty before etcd 3.6
 */
public record HashKvResult(ResponseHeader header, long hash, long compactRevision,
		OptionalLong hashRevision) implements EtcdResult {

}
