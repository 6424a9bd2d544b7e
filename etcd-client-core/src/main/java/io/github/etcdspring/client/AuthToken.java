/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

/**
 * A token that etcd gave for a user and a password, or that the user has from elsewhere.
 * Opaque and secret.
 */
record AuthToken(String value) {

	/**
	 * Takes a token from the user.
	 * @throws IllegalArgumentException if it cannot be one
	 */
	static AuthToken of(String value) {
		if (value.isEmpty() || !value.chars().allMatch((c) -> c > ' ' && c < 127)) {
			throw new IllegalArgumentException("token: " + value.length()
					+ " characters (expected: at least one, printable ASCII without spaces; no 'Bearer' before it)");
		}
		return new AuthToken(value);
	}

	@Override
	public String toString() {
		return "AuthToken[***]";
	}

}
