/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.kv;

/**
 * Up to where to discard history: etcd's {@code CompactionRequest}.
 *
 * @param revision the lowest revision that can still be read afterwards, above 0
 * @param physical whether to wait until the history is removed from the member's disk,
 * and not only from sight
 */
public record CompactRequest(long revision, boolean physical) {

	/**
	 * Checks the revision.
	 * @param revision the lowest revision that can still be read afterwards
	 * @param physical whether to wait until the history is removed from the member's disk
	 * @throws IllegalArgumentException if it is not above 0
	 */
	public CompactRequest {
		if (revision <= 0) {
			throw new IllegalArgumentException("revision: " + revision + " (expected: above 0)");
		}
	}

	/**
	 * Returns a compaction that does not wait for the disk.
	 * @param revision the lowest revision that can still be read afterwards, above 0
	 * @return the request
	 * @throws IllegalArgumentException if it is not above 0
	 */
	public static CompactRequest of(long revision) {
		return new CompactRequest(revision, false);
	}

	/**
	 * Returns the same compaction that waits until the history is removed from disk.
	 * @return a new request
	 */
	public CompactRequest withPhysical() {
		return new CompactRequest(this.revision, true);
	}

}
