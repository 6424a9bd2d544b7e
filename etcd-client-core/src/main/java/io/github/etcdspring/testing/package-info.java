/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * Time for tests of code that is built on this library. Nothing of the library uses it.
 */
@NullMarked
package io.github.etcdspring.testing;

import org.jspecify.annotations.NullMarked;
