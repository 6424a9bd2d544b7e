/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.rules.planted.testing;

/**
 * Breaks no rule by itself.
 */
public record StillClock(long nanoTime) {

}
