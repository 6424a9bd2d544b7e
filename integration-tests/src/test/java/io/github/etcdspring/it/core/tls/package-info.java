/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * Suites of the client's TLS: on files of every kind, and on real etcd.
 */
@NullMarked
package io.github.etcdspring.it.core.tls;

import org.jspecify.annotations.NullMarked;
