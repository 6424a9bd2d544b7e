/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * Users, roles and permissions. The contract of etcd's Auth service.
 */
@NullMarked
package io.github.etcdspring.auth;

import org.jspecify.annotations.NullMarked;
