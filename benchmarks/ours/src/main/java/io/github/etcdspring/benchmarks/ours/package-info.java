/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * Our client.
 */
@NullMarked
package io.github.etcdspring.benchmarks.ours;

import org.jspecify.annotations.NullMarked;
