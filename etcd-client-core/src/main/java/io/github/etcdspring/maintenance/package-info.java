/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * The care of servers: status, alarms, space, leadership, backups. The contract of etcd's
 * Maintenance service.
 */
@NullMarked
package io.github.etcdspring.maintenance;

import org.jspecify.annotations.NullMarked;
