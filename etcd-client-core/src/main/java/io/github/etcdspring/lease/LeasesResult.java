/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.lease;

import java.util.List;

import io.github.etcdspring.EtcdResult;
import io.github.etcdspring.LeaseId;
import io.github.etcdspring.ResponseHeader;

/**
 * The leases of a cluster.
 *
 * @param header the answer's header
 * @param leases the leases that the member asked knows, in no order; immutable
 */
public record LeasesResult(ResponseHeader header, List<LeaseId> leases) implements EtcdResult {

	/**
	 * Takes a copy of the list.
	 * @param header the answer's header
	 * @param leases the leases
	 */
	public LeasesResult {
		leases = List.copyOf(leases);
	}

}
