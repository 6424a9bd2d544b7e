/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

/**
 * A token that etcd gave for a user and a password. Opaque and secret.
 */
record AuthToken(String value) {

	@Override
	public String toString() {
		return "AuthToken[***]";
	}

}
