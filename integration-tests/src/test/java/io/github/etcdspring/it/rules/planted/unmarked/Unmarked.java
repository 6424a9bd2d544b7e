/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.rules.planted.unmarked;

/**
 * Breaks {@code everyPackageIsNullMarked}: its package has no {@code package-info}.
 */
final class Unmarked {

}
