/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * What several packages of this library share. Not for its users: it may change at any
 * time.
 */
@NullMarked
package io.github.etcdspring.internal;

import org.jspecify.annotations.NullMarked;
