/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * Distributed locks with fencing tokens.
 */
@NullMarked
package io.github.etcdspring.lock;

import org.jspecify.annotations.NullMarked;
