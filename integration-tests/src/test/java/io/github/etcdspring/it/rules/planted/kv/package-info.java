/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * Classes that break a rule.
 */
@NullMarked
package io.github.etcdspring.it.rules.planted.kv;

import org.jspecify.annotations.NullMarked;
