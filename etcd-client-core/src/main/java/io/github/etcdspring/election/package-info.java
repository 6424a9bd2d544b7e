/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * Leader election with fencing tokens.
 */
@NullMarked
package io.github.etcdspring.election;

import org.jspecify.annotations.NullMarked;
