/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * Locks and elections that the server runs: thin calls, for what must go through them.
 * {@code EtcdLock} and {@code LeaderElection} are the ones to build on. The contracts of
 * etcd's Lock and Election services.
 */
@NullMarked
package io.github.etcdspring.service;

import org.jspecify.annotations.NullMarked;
