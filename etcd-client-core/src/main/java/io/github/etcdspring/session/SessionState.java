/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.session;

/**
 * The life of a session.
 */
public enum SessionState {

	/** A lease is being granted: the first, or one after a loss. To ACTIVE, CLOSED. */
	PENDING,

	/** There is a lease, and it is kept alive. To PENDING, CLOSED. */
	ACTIVE,

	/** Over: closed by its owner, or with its client. */
	CLOSED;

	/** Whether a session may go from this state to another. */
	boolean mayBecome(SessionState next) {
		return switch (this) {
			case PENDING -> next == ACTIVE || next == CLOSED;
			case ACTIVE -> next == PENDING || next == CLOSED;
			case CLOSED -> false;
		};
	}

}
