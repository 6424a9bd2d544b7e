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
	 * Reads an id as etcdctl prints it, or as it stands in the keys of locks.
	 * @param text hexadecimal digits, a minus sign before them if the number is negative
	 * @return the id
	 * @throws IllegalArgumentException if the text is not one
	 */
	public static LeaseId parse(String text) {
		if (!text.matches("-?[0-9a-fA-F]{1,16}")) {
			throw new IllegalArgumentException(
					"lease id: '" + text + "' (expected: 1 to 16 hexadecimal digits, as etcdctl prints it)");
		}
		boolean negative = text.startsWith("-");
		return new LeaseId(negative ? Long.parseLong(text, 16) : Long.parseUnsignedLong(text, 16));
	}

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
