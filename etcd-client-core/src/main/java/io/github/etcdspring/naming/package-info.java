/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * The endpoints of services in etcd, in the layout of Go's {@code naming/endpoints}.
 */
@NullMarked
package io.github.etcdspring.naming;

import org.jspecify.annotations.NullMarked;
