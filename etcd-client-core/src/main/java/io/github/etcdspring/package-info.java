/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * The vocabulary of etcd: bytes, key ranges, key-values, revisions, leases, errors and
 * time. Everything else in this library speaks in these terms; nothing here depends on
 * the rest of it.
 */
@NullMarked
package io.github.etcdspring;

import org.jspecify.annotations.NullMarked;
