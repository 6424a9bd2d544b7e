/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * Spring Boot applications on real etcd: what an application sees of configuration,
 * discovery, locks, leadership and health, while members fail.
 */
@NullMarked
package io.github.etcdspring.it.spring;

import org.jspecify.annotations.NullMarked;
