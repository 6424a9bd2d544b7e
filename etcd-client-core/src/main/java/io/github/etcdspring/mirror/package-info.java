/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * Copies of a prefix that follow their source: in another cluster, or with whoever wants
 * them.
 */
@NullMarked
package io.github.etcdspring.mirror;

import org.jspecify.annotations.NullMarked;
