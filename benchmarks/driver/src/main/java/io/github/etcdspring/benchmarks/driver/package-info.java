/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * Starts etcd, runs the clients in JVMs of their own, and writes the table.
 */
@NullMarked
package io.github.etcdspring.benchmarks.driver;

import org.jspecify.annotations.NullMarked;
