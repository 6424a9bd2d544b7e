/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * The client on real etcd: each feature as it should be, and every promise of it while
 * members die, stall and come back.
 */
@NullMarked
package io.github.etcdspring.it.core;

import org.jspecify.annotations.NullMarked;
