/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.maintenance;

import java.util.List;

import io.github.etcdspring.EtcdResult;
import io.github.etcdspring.ResponseHeader;

/**
 * Alarms of a cluster.
 *
 * @param header the answer's header
 * @param alarms the alarms, in no order; immutable
 */
public record AlarmsResult(ResponseHeader header, List<Alarm> alarms) implements EtcdResult {

	/**
	 * Takes a copy of the list.
	 * @param header the answer's header
	 * @param alarms the alarms
	 */
	public AlarmsResult {
		alarms = List.copyOf(alarms);
	}

}
