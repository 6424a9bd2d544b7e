/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

/**
 * What must be there before a call is sent.
 */
enum CallPreparation {

	/** Nothing. */
	NONE,

	/** The token of the client's user, if it has one. */
	TOKEN,

	/** The token, and the proof that the cluster is the expected one. */
	ALL

}
