/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.rules.planted;

import io.github.etcdspring.it.rules.planted.client.EtcdClient;

/**
 * Breaks {@code vocabularyDependsOnNothingOfOurs}, and closes a cycle of packages.
 */
public record WordThatUsesClient(EtcdClient client) {

}
