/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * The application's registration as a service instance, and the discovery of others.
 */
@NullMarked
package io.github.etcdspring.boot.discovery;

import org.jspecify.annotations.NullMarked;
