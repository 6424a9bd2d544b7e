/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.maintenance;

/**
 * What an alarm is about.
 */
public enum AlarmType {

	/**
	 * A member's database has reached its quota. While it is raised, the whole cluster
	 * refuses puts and grants; reads, deletions and compactions go on.
	 */
	NOSPACE,

	/**
	 * A member's data differs from that of the others. While it is raised, the whole
	 * cluster refuses nearly every call.
	 */
	CORRUPT

}
