/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.stm;

/**
 * What a transaction may see of others and what they may see of it: the levels of Go's
 * {@code concurrency} package, the strictest first. At every level a transaction reads
 * only what is committed, finds a key as it found it before, and writes all or nothing.
 * What a level guards is the keys that the body names, absent ones among them; keys that
 * others add to a range are noticed at none. What is said of a commit is said of a
 * transaction that writes; where all reads are made at one revision, one that writes
 * nothing is what the store was at that, and needs no commit.
 */
public enum IsolationLevel {

	/**
	 * All reads are made at one revision, that of the first, which is not older than the
	 * beginning of the transaction; it commits only if no key it read has changed, and no
	 * key it writes is newer than that revision. A write of a key that was deleted
	 * meanwhile, and never read, passes: a deletion leaves no revision. With no read at
	 * all there is no revision to compare with, and the writes pass.
	 */
	SERIALIZABLE_SNAPSHOT,

	/**
	 * As {@link #SERIALIZABLE_SNAPSHOT}, but keys that are written without being read may
	 * have been changed by others.
	 */
	SERIALIZABLE,

	/**
	 * Each key is read by itself, from the member that is asked, whose state may be
	 * stale: the body may see keys of different revisions. The transaction commits only
	 * if no key it read has changed since.
	 */
	REPEATABLE_READS,

	/**
	 * As {@link #REPEATABLE_READS}, and the transaction commits whatever others have
	 * written: updates may be lost. One that writes nothing ends with its last read.
	 */
	READ_COMMITTED;

	/** Whether all reads are made at the revision of the first. */
	boolean readsOneRevision() {
		return this == SERIALIZABLE_SNAPSHOT || this == SERIALIZABLE;
	}

	/** Whether the commit demands that what was read is unchanged. */
	boolean comparesReads() {
		return this != READ_COMMITTED;
	}

	/** Whether the commit demands that what is written is not newer than the reads. */
	boolean comparesWrites() {
		return this == SERIALIZABLE_SNAPSHOT;
	}

}
