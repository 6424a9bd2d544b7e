/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.boot.config;

import java.util.Set;

/**
 * Renews what was made from the environment, after properties have changed in it.
 */
@FunctionalInterface
interface EnvironmentRefresher {

	/**
	 * Renews beans.
	 * @param names the names of the properties that changed
	 * @throws RuntimeException if a bean does not take the new values
	 */
	void refresh(Set<String> names);

}
