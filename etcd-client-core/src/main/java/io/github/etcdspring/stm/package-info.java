/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * Software transactional memory over the keys of etcd.
 */
@NullMarked
package io.github.etcdspring.stm;

import org.jspecify.annotations.NullMarked;
