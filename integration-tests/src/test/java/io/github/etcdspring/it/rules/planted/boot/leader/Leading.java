/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.rules.planted.boot.leader;

/**
 * What another feature must not use.
 */
public final class Leading {

}
