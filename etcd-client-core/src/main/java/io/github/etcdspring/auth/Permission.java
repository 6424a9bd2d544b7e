/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.auth;

import java.util.Objects;

import io.github.etcdspring.KeyRange;

/**
 * What a role may do to some keys: etcd's {@code Permission}.
 *
 * @param access what
 * @param range to which keys
 */
public record Permission(Access access, KeyRange range) {

	/**
	 * Checks that nothing is missing.
	 * @param access what
	 * @param range to which keys
	 */
	public Permission {
		Objects.requireNonNull(access, "access");
		Objects.requireNonNull(range, "range");
	}

	/**
	 * Returns the permission to read keys and to watch them.
	 * @param range the keys
	 * @return the permission
	 */
	public static Permission read(KeyRange range) {
		return new Permission(Access.READ, range);
	}

	/**
	 * Returns the permission to write and to delete keys.
	 * @param range the keys
	 * @return the permission
	 */
	public static Permission write(KeyRange range) {
		return new Permission(Access.WRITE, range);
	}

	/**
	 * Returns the permission to read and to write keys.
	 * @param range the keys
	 * @return the permission
	 */
	public static Permission readWrite(KeyRange range) {
		return new Permission(Access.READWRITE, range);
	}

	/**
	 * What may be done to keys.
	 */
	public enum Access {

		/** Reads and watches. */
		READ,

		/** Writes and deletions. */
		WRITE,

		/** All of them. */
		READWRITE

	}

}
