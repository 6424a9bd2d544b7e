/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.maintenance;

/**
 * What a member knows of a downgrade of its cluster.
 *
 * @param enabled whether one is under way
 * @param targetVersion the version to go to, such as {@code 3.5.0}; empty text if none is
 * under way
 */
public record DowngradeInfo(boolean enabled, String targetVersion) {

}
