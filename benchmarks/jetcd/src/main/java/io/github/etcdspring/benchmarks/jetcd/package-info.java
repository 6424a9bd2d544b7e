/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * jetcd.
 */
package io.github.etcdspring.benchmarks.jetcd;
