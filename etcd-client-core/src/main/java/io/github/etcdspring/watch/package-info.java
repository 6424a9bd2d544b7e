/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * Following changes of keys: the contract of etcd's Watch service.
 */
@NullMarked
package io.github.etcdspring.watch;

import org.jspecify.annotations.NullMarked;
