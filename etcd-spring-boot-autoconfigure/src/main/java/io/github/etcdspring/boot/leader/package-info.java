/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * Leader election for methods: {@link io.github.etcdspring.boot.leader.Leader @Leader}.
 */
@NullMarked
package io.github.etcdspring.boot.leader;

import org.jspecify.annotations.NullMarked;
