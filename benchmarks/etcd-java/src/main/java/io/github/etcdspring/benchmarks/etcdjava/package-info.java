/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * IBM etcd-java.
 */
package io.github.etcdspring.benchmarks.etcdjava;
