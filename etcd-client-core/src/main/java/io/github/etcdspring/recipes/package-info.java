/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * What processes coordinate by, beside locks and elections: read-write locks, semaphores,
 * barriers and queues, in the key layouts of Go's recipes.
 */
@NullMarked
package io.github.etcdspring.recipes;

import org.jspecify.annotations.NullMarked;
