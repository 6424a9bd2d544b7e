/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * Configuration from etcd: {@code spring.config.import=etcd:}, followed while the
 * application runs.
 */
@NullMarked
package io.github.etcdspring.boot.config;

import org.jspecify.annotations.NullMarked;
