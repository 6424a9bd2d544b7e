/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * A lease that is kept alive and granted anew after a loss, and what rests on one: the
 * queue that locks and elections wait in.
 */
@NullMarked
package io.github.etcdspring.session;

import org.jspecify.annotations.NullMarked;
