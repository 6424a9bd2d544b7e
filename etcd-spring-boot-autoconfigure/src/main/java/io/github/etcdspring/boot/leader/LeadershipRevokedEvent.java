/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.boot.leader;

import io.github.etcdspring.election.LeadershipEnd;
import org.springframework.context.ApplicationEvent;

/**
 * This instance no longer leads a role; {@link LeaderElections#isLeader(String)} says so
 * already. Comes also when etcd cannot be reached. Published once for each
 * {@link LeadershipGrantedEvent}, after it: on a thread of the client's callback
 * executor, or, when the application stops, on the thread that stops it.
 *
 * @serial exclude
 */
public final class LeadershipRevokedEvent extends ApplicationEvent {

	private static final long serialVersionUID = 1L;

	private final String role;

	private final long fencingToken;

	private final LeadershipEnd reason;

	LeadershipRevokedEvent(Object source, String role, long fencingToken, LeadershipEnd reason) {
		super(source);
		this.role = role;
		this.fencingToken = fencingToken;
		this.reason = reason;
	}

	/**
	 * Returns the role.
	 * @return its name
	 */
	public String role() {
		return this.role;
	}

	/**
	 * Returns the fencing token of the leadership that is over.
	 * @return the token
	 */
	public long fencingToken() {
		return this.fencingToken;
	}

	/**
	 * Returns why it is over.
	 * @return the reason
	 */
	public LeadershipEnd reason() {
		return this.reason;
	}

}
