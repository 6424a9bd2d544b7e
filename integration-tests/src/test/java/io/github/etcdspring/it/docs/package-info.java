/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * The snippets of the guide in {@code docs/client}, compiled and run.
 */
@NullMarked
package io.github.etcdspring.it.docs;

import org.jspecify.annotations.NullMarked;
