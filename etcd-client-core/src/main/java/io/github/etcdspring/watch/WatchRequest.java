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

	private final Options options;

	private WatchRequest(KeyRange range, long startRevision, Options options) {
		this.range = Objects.requireNonNull(range, "range");
		this.startRevision = startRevision;
		this.options = options;
	}

	/**
	 * Returns a watch of a range from now on.
	 * @param range the keys
	 * @return the request
	 */
	public static WatchRequest of(KeyRange range) {
		return new WatchRequest(range, 0, new Options(false, true, true, true, false));
	}

	/**
	 * Returns the same watch of other keys.
	 * @param range the keys
	 * @return a new request
	 */
	public WatchRequest withRange(KeyRange range) {
		return new WatchRequest(range, this.startRevision, this.options);
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
		return new WatchRequest(this.range, revision, this.options);
	}

	/**
	 * Returns the same watch whose events carry what the key held before.
	 * @return a new request
	 */
	public WatchRequest withPrevious() {
		Options from = this.options;
		return with(new Options(true, from.puts(), from.deletes(), from.requiresLeader(), from.relists()));
	}

	/**
	 * Returns the same watch, which tells of no writes: etcd's {@code NOPUT} filter.
	 * @return a new request
	 * @throws IllegalArgumentException if it tells of no deletions either
	 */
	public WatchRequest withoutPuts() {
		Options from = this.options;
		return with(new Options(from.previous(), false, from.deletes(), from.requiresLeader(), from.relists()));
	}

	/**
	 * Returns the same watch, which tells of no deletions: etcd's {@code NODELETE}
	 * filter.
	 * @return a new request
	 * @throws IllegalArgumentException if it tells of no writes either
	 */
	public WatchRequest withoutDeletes() {
		Options from = this.options;
		return with(new Options(from.previous(), from.puts(), false, from.requiresLeader(), from.relists()));
	}

	/**
	 * Returns the same watch, which stays on a member that has lost its leader, and is
	 * silent until there is one again. Others leave such a member for the next: etcd's
	 * {@code hasleader} metadata, which they send.
	 * @return a new request
	 */
	public WatchRequest withoutRequireLeader() {
		Options from = this.options;
		return with(new Options(from.previous(), from.puts(), from.deletes(), false, from.relists()));
	}

	/**
	 * Returns the same watch, which goes on where another ends since events are lost for
	 * good: when its place is compacted, or the cluster was put back to a backup. It
	 * reads the range anew then and tells {@link WatchListener#onSnapshot}, before the
	 * events that follow.
	 * @return a new request
	 */
	public WatchRequest withRelist() {
		Options from = this.options;
		return with(new Options(from.previous(), from.puts(), from.deletes(), from.requiresLeader(), true));
	}

	private WatchRequest with(Options options) {
		return new WatchRequest(this.range, this.startRevision, options);
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
		return this.options.previous();
	}

	/**
	 * Whether the watch tells of writes.
	 * @return {@code false} after {@link #withoutPuts()}
	 */
	public boolean returnsPuts() {
		return this.options.puts();
	}

	/**
	 * Whether the watch tells of deletions.
	 * @return {@code false} after {@link #withoutDeletes()}
	 */
	public boolean returnsDeletes() {
		return this.options.deletes();
	}

	/**
	 * Whether the watch leaves a member that has no leader.
	 * @return {@code false} after {@link #withoutRequireLeader()}
	 */
	public boolean requiresLeader() {
		return this.options.requiresLeader();
	}

	/**
	 * Whether the watch reads its range anew when events are lost.
	 * @return whether {@link #withRelist()} was asked for
	 */
	public boolean relists() {
		return this.options.relists();
	}

	@Override
	public String toString() {
		return "WatchRequest[" + this.range + " from " + ((this.startRevision == 0) ? "now" : this.startRevision) + "]";
	}

	/** What may be chosen besides range and start. */
	private record Options(boolean previous, boolean puts, boolean deletes, boolean requiresLeader, boolean relists) {

		Options {
			if (!puts && !deletes) {
				throw new IllegalArgumentException(
						"filters: neither puts nor deletes (expected: one of withoutPuts() and withoutDeletes())");
			}
		}

	}

}
