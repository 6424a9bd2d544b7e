/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.boot.leader;

import org.springframework.context.ApplicationEvent;

/**
 * This instance leads a role now; {@link LeaderElections#isLeader(String)} says so
 * already. Published on a thread of the client's callback executor, before any
 * {@link LeadershipRevokedEvent} of the same leadership.
 *
 * @serial exclude
 */
public final class LeadershipGrantedEvent extends ApplicationEvent {

	private static final long serialVersionUID = 1L;

	private final String role;

	private final long fencingToken;

	LeadershipGrantedEvent(Object source, String role, long fencingToken) {
		super(source);
		this.role = role;
		this.fencingToken = fencingToken;
	}

	/**
	 * Returns the role.
	 * @return its name
	 */
	public String role() {
		return this.role;
	}

	/**
	 * Returns the leadership's fencing token.
	 * @return a number greater than that of every leadership of the role before
	 */
	public long fencingToken() {
		return this.fencingToken;
	}

}
