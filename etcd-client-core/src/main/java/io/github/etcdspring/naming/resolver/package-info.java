/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * Names of services in etcd as targets of gRPC channels. The one package in whose public
 * signatures types of gRPC stand.
 */
@NullMarked
package io.github.etcdspring.naming.resolver;

import org.jspecify.annotations.NullMarked;
