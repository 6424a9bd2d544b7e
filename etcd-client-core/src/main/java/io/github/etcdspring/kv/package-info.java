/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * Reading and writing keys: the contract of etcd's KV service.
 */
@NullMarked
package io.github.etcdspring.kv;

import org.jspecify.annotations.NullMarked;
