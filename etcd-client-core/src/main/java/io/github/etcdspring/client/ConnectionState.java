/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

/**
 * Whether a client is connected to its cluster: that a member's connection is up, not
 * that the cluster has a leader.
 */
public enum ConnectionState {

	/** No call has been made yet, or none for half an hour. */
	IDLE,

	/** A connection is being made: the first, or one after all were lost. */
	CONNECTING,

	/** At least one member is connected. */
	CONNECTED,

	/** No member can be reached; the client goes on trying. */
	DISCONNECTED,

	/** The client is closed. */
	CLOSED

}
