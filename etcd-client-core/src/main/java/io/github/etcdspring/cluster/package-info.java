/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * The members of a cluster: who they are, and changes of them. The contract of etcd's
 * Cluster service.
 */
@NullMarked
package io.github.etcdspring.cluster;

import org.jspecify.annotations.NullMarked;
