/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * Raw stubs on grpc-netty-shaded, as grpc gives them: what a user writes who wants no
 * client.
 */
@NullMarked
package io.github.etcdspring.benchmarks.stubs;

import org.jspecify.annotations.NullMarked;
