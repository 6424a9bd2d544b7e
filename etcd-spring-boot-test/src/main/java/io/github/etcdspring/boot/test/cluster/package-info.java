/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * Clusters of real etcd processes for tests: started on free loopback ports, broken and
 * healed at will, and gone with the JVM, however that ends. Needs {@code bash}; not for
 * Windows.
 */
@NullMarked
package io.github.etcdspring.boot.test.cluster;

import org.jspecify.annotations.NullMarked;
