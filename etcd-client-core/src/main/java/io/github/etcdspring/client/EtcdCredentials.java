/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

/**
 * The user a client speaks as. The password shows nowhere: not in {@link #toString()},
 * not in logs, not in exceptions.
 *
 * @param user the user name, not empty
 * @param password the password, not empty
 */
public record EtcdCredentials(String user, String password) {

	/**
	 * Checks the values.
	 * @param user the user name
	 * @param password the password
	 * @throws IllegalArgumentException if one is empty
	 */
	public EtcdCredentials {
		if (user.isEmpty()) {
			throw new IllegalArgumentException(
					"user name is empty (expected: a user of etcd; leave the credentials out for none)");
		}
		if (password.isEmpty()) {
			throw new IllegalArgumentException(
					"password of user '" + user + "' is empty (expected: at least one character)");
		}
	}

	/** Names the user, never the password. */
	@Override
	public String toString() {
		return "EtcdCredentials[user=" + this.user + ", password=***]";
	}

}
