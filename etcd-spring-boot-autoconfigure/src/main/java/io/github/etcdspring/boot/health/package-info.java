/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * What the health endpoint says of etcd.
 */
@NullMarked
package io.github.etcdspring.boot.health;

import org.jspecify.annotations.NullMarked;
