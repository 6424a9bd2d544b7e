/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * The client as a bean, from properties or from whatever else knows where etcd is.
 */
@NullMarked
package io.github.etcdspring.boot.connection;

import org.jspecify.annotations.NullMarked;
