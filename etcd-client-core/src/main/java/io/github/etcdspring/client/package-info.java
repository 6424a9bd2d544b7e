/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * The client itself: {@link io.github.etcdspring.client.EtcdClient} and what it is made
 * with. How calls travel is hidden in here.
 */
@NullMarked
package io.github.etcdspring.client;

import org.jspecify.annotations.NullMarked;
