/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * What only tests may use.
 */
@NullMarked
package io.github.etcdspring.it.rules.planted.testing;

import org.jspecify.annotations.NullMarked;
