/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * Runs in which members of a cluster die, stall and come back while clients work, and the
 * promises that must hold meanwhile. Each prints what it did, fails when that was too
 * little to mean anything, and has a control in which the promise is broken on purpose.
 */
@NullMarked
package io.github.etcdspring.it.core.fault;

import org.jspecify.annotations.NullMarked;
