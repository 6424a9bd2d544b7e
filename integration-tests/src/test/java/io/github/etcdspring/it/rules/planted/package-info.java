/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * A small tree of packages in which each class breaks one rule of the architecture.
 */
@NullMarked
package io.github.etcdspring.it.rules.planted;

import org.jspecify.annotations.NullMarked;
