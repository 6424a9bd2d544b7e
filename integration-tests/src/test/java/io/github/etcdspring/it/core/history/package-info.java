/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * What happened in etcd, read back revision by revision, and the checkers that hold what
 * a client saw against it. They know nothing of the client's streams.
 */
@NullMarked
package io.github.etcdspring.it.core.history;

import org.jspecify.annotations.NullMarked;
