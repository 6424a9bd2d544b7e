/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.lease;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.EtcdResult;
import io.github.etcdspring.LeaseId;
import io.github.etcdspring.ResponseHeader;

/**
 * What etcd knows of a lease.
 *
 * @param header the header of the answer
 * @param id the lease
 * @param remaining how long it has to live, in whole seconds rounded down; empty if it
 * does not exist
 * @param granted the TTL it was granted with; zero if it does not exist
 * @param keys the keys attached to it, none if they were not asked for; immutable
 */
public record LeaseTimeToLive(ResponseHeader header, LeaseId id, Optional<Duration> remaining, Duration granted,
		List<ByteSequence> keys) implements EtcdResult {

	/**
	 * Takes a copy of the list.
	 * @param header the header of the answer
	 * @param id the lease
	 * @param remaining how long it has to live
	 * @param granted the TTL it was granted with
	 * @param keys the keys attached to it
	 */
	public LeaseTimeToLive {
		keys = List.copyOf(keys);
	}

}
