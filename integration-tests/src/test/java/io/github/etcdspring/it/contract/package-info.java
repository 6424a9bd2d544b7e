/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * The contract of the client: one set of tests, run against every kind of server.
 */
@NullMarked
package io.github.etcdspring.it.contract;

import org.jspecify.annotations.NullMarked;
