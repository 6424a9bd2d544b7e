/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.rules.planted.kv;

import io.github.etcdspring.it.rules.planted.client.EtcdClient;

/**
 * Breaks {@code contractPackagesDependOnlyOnVocabulary}.
 */
public interface ContractThatUsesClient {

	/**
	 * {@return what it must not know}
	 */
	EtcdClient client();

}
