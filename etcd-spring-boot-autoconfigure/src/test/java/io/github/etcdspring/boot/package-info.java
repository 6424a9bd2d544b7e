/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * What holds for all auto-configurations together, and what their tests share.
 */
@NullMarked
package io.github.etcdspring.boot;

import org.jspecify.annotations.NullMarked;
