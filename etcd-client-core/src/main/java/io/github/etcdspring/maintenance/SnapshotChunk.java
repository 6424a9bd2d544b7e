/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.maintenance;

import java.util.Optional;

import io.github.etcdspring.ByteSequence;

/**
 * A piece of a snapshot.
 *
 * @param bytes the bytes, at most 32 KiB from the servers there are
 * @param remaining how many bytes of the database are still to come; 0 is not yet the
 * end, since the digest follows
 * @param version the version of the layout of the database, such as {@code 3.6.0}; empty
 * before etcd 3.6
 */
public record SnapshotChunk(ByteSequence bytes, long remaining, Optional<String> version) {

	/** Tells the number of bytes instead of the bytes. */
	@Override
	public String toString() {
		return "SnapshotChunk[" + this.bytes.size() + " bytes, remaining=" + this.remaining + ", version="
				+ this.version.orElse("unknown") + "]";
	}

}
