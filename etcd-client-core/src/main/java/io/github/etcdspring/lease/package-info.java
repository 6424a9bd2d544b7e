/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * Leases: keys that live as long as somebody keeps them alive. The contract of etcd's
 * Lease service.
 */
@NullMarked
package io.github.etcdspring.lease;

import org.jspecify.annotations.NullMarked;
