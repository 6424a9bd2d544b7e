/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring;

/**
 * The id of a lease: a signed 64-bit number that etcd or the client chose. Written the
 * way etcd's own clients write it into keys: lower-case hexadecimal, without padding,
 * with a minus sign when negative.
 *
 * @param value the number; 0 means no lease
 */
public record LeaseId(long value) {

	/** No lease: what a key has that lives until it is deleted. */
	public static final LeaseId NONE = new LeaseId(0);

	/**
	 * Whether this stands for no lease.
	 * @return whether the number is 0
	 */
	public boolean isNone() {
		return this.value == 0;
	}

	@Override
	public String toString() {
		return Long.toString(this.value, 16);
	}

}
