/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring;

/**
 * The id of a member of a cluster: an unsigned 64-bit number that etcd chose. Written as
 * etcdctl writes it: lower-case hexadecimal, without padding.
 *
 * @param value the number; as a Java {@code long}, one in two is negative
 */
public record MemberId(long value) {

	/** No member: what etcd answers when there is no leader. */
	public static final MemberId NONE = new MemberId(0);

	/**
	 * Reads an id as etcdctl prints it.
	 * @param text up to 16 hexadecimal digits
	 * @return the id
	 * @throws IllegalArgumentException if the text is not one
	 */
	public static MemberId parse(String text) {
		if (!text.matches("[0-9a-fA-F]{1,16}")) {
			throw new IllegalArgumentException(
					"member id: '" + text + "' (expected: 1 to 16 hexadecimal digits, as etcdctl prints it)");
		}
		return new MemberId(Long.parseUnsignedLong(text, 16));
	}

	/**
	 * Whether this stands for no member.
	 * @return whether the number is 0
	 */
	public boolean isNone() {
		return this.value == 0;
	}

	@Override
	public String toString() {
		return Long.toHexString(this.value);
	}

}
