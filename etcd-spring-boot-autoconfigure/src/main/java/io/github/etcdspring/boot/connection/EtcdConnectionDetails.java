/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.boot.connection;

import java.util.List;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.service.connection.ConnectionDetails;

/**
 * What is needed to reach an etcd cluster. A bean of this type takes the place of the
 * {@code etcd.endpoints}, {@code etcd.username} and {@code etcd.password} properties.
 */
public interface EtcdConnectionDetails extends ConnectionDetails {

	/**
	 * Returns the members' client addresses.
	 * @return the endpoints, at least one
	 */
	List<String> getEndpoints();

	/**
	 * Returns the user to authenticate as.
	 * @return the user name, or {@code null} for none
	 */
	default @Nullable String getUsername() {
		return null;
	}

	/**
	 * Returns the user's password.
	 * @return the password, or {@code null} for none
	 */
	default @Nullable String getPassword() {
		return null;
	}

}
