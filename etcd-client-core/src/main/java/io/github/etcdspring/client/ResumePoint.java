/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

/**
 * The place of a watch in the history of the store. It goes on at the first revision that
 * it has not taken: one more than the last revision whose events it took whole, or than
 * the last up to which the server said that there are none, and no lower than the start
 * it was asked for. Nothing else is a place: not the revision in the header of an answer
 * that creates the watch or carries events, which is that of the store and may be past
 * events that are still to come. A watch from now has its start from a read. Confined to
 * the stream's context.
 */
final class ResumePoint {

	private final long start;

	/** Whether the store is known to have come to the start. */
	private final boolean reached;

	/** The last revision whose events were taken whole; 0 before. */
	private long delivered;

	/** The last revision up to which there are no more events; 0 before. */
	private long bookmark;

	ResumePoint(long start, boolean reached) {
		this.start = start;
		this.reached = reached;
	}

	/** Returns the first revision that is not taken yet. */
	long next() {
		return Math.max(this.start, Math.max(this.delivered, this.bookmark) + 1);
	}

	/**
	 * Returns how far the store is known to have been: a start may lie in the future,
	 * what was told does not.
	 */
	long reached() {
		return Math.max(this.reached ? this.start - 1 : 0, Math.max(this.delivered, this.bookmark));
	}

	/** Takes the word that all events up to a revision were taken. */
	void delivered(long revision) {
		this.delivered = Math.max(this.delivered, revision);
	}

	/** Takes the word of the server that there are no other events up to a revision. */
	void bookmark(long revision) {
		this.bookmark = Math.max(this.bookmark, revision);
	}

}
