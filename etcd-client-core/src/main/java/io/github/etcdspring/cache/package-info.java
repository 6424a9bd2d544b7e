/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * A range of keys, held in memory and kept in step with etcd.
 */
@NullMarked
package io.github.etcdspring.cache;

import org.jspecify.annotations.NullMarked;
