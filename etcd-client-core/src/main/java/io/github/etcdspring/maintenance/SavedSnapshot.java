/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.maintenance;

import java.nio.file.Path;
import java.util.Optional;

/**
 * A snapshot in a file, whole and checked. etcd does not say of what revision it is;
 * {@code etcdctl snapshot status} reads that from the file.
 *
 * @param file the file, an absolute path
 * @param size its size in bytes, with the 32 of the digest at its end
 * @param sha256 the SHA-256 digest of the database, that is of all but the last 32 bytes
 * of the file, in lower-case hexadecimal
 * @param version the version of the layout of the database, such as {@code 3.6.0}; empty
 * before etcd 3.6
 */
public record SavedSnapshot(Path file, long size, String sha256, Optional<String> version) {

}
