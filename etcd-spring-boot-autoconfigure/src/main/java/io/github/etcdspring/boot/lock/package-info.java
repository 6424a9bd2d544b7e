/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * Distributed locks as a bean.
 */
@NullMarked
package io.github.etcdspring.boot.lock;

import org.jspecify.annotations.NullMarked;
