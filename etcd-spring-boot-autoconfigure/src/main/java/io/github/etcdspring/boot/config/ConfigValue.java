/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.boot.config;

import org.springframework.boot.origin.Origin;

/**
 * A property as etcd holds it. Where it comes from is known, its value shows nowhere but
 * to who asks for it.
 *
 * @param value the value
 * @param key the key it comes from
 * @param revision the revision that wrote the key last
 */
record ConfigValue(String value, String key, long revision) implements Origin {

	@Override
	public String toString() {
		return "etcd key '" + this.key + "' at revision " + this.revision;
	}

}
