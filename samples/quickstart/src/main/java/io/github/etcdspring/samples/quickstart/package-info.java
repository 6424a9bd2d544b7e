/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * What etcd-spring does, in one small application: a greeting that follows etcd, the list
 * of its own instances, a counter under a lock, and a job that one instance runs.
 */
@NullMarked
package io.github.etcdspring.samples.quickstart;

import org.jspecify.annotations.NullMarked;
