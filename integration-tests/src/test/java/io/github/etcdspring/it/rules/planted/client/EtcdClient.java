/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.rules.planted.client;

import io.github.etcdspring.it.rules.planted.WordThatUsesClient;
import org.jspecify.annotations.Nullable;

/**
 * What recipes may use.
 */
public class EtcdClient {

	private @Nullable WordThatUsesClient word;

	/**
	 * {@return the other end of the cycle}
	 */
	public @Nullable WordThatUsesClient word() {
		return this.word;
	}

}
