/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * A class that breaks a rule.
 */
@NullMarked
package io.github.etcdspring.it.rules.planted.naming.resolver;

import org.jspecify.annotations.NullMarked;
