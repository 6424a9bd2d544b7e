/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.watch;

import java.util.Objects;

import io.github.etcdspring.KeyRange;

/**
 * What to watch: etcd's {@code WatchCreateRequest}. Immutable.
 */
public final class WatchRequest {

	private final KeyRange range;

	private final long startRevision;

	private final boolean previous;

	private WatchRequest(KeyRange range, long startRevision, boolean previous) {
		this.range = range;
		this.startRevision = startRevision;
		this.previous = previous;
	}

	/**
	 * Returns a watch of a range from now on.
	 * @param range the keys
	 * @return the request
	 */
	public static WatchRequest of(KeyRange range) {
		return new WatchRequest(Objects.requireNonNull(range, "range"), 0, false);
	}

	/**
	 * Returns the same watch from a revision on.
	 * @param revision the first revision to deliver, above 0; may lie in the future. To
	 * follow a read without a gap, take the read's revision plus 1
	 * @return a new request
	 * @throws IllegalArgumentException if it is not above 0
	 */
	public WatchRequest from(long revision) {
		if (revision <= 0) {
			throw new IllegalArgumentException(
					"start revision: " + revision + " (expected: above 0; leave it out for now)");
		}
		return new WatchRequest(this.range, revision, this.previous);
	}

	/**
	 * Returns the same watch whose events carry what the key held before.
	 * @return a new request
	 */
	public WatchRequest withPrevious() {
		return new WatchRequest(this.range, this.startRevision, true);
	}

	/**
	 * Returns the keys watched.
	 * @return the range
	 */
	public KeyRange range() {
		return this.range;
	}

	/**
	 * Returns the first revision to deliver.
	 * @return the revision; 0 for now
	 */
	public long startRevision() {
		return this.startRevision;
	}

	/**
	 * Whether events carry what the key held before.
	 * @return whether {@link #withPrevious()} was asked for
	 */
	public boolean returnsPrevious() {
		return this.previous;
	}

	@Override
	public String toString() {
		return "WatchRequest[" + this.range + " from " + ((this.startRevision == 0) ? "now" : this.startRevision) + "]";
	}

}
