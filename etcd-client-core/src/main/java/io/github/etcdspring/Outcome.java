/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring;

/**
 * What is known of the effect of a call that failed.
 */
public enum Outcome {

	/** The call certainly had no effect. */
	NOT_APPLIED,

	/**
	 * The call may have had its effect, may still have it, or may never. A write that
	 * must not happen twice is made safe to repeat by a transaction that compares
	 * revisions.
	 */
	UNKNOWN

}
