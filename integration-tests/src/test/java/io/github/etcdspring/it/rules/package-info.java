/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * The rules of the whole source tree: what may depend on what, and what no file may hold.
 */
@NullMarked
package io.github.etcdspring.it.rules;

import org.jspecify.annotations.NullMarked;
