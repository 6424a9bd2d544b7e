/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.boot.connection;

import io.github.etcdspring.client.EtcdClientOptions;

/**
 * Changes the options of the application's client before it is created. Beans of this
 * type are called in their order. Configuration is imported before there are beans: it is
 * read and followed by a client of its own then, which they do not change.
 */
@FunctionalInterface
public interface EtcdClientOptionsCustomizer {

	/**
	 * Changes the options.
	 * @param builder the options so far
	 */
	void customize(EtcdClientOptions.Builder builder);

}
