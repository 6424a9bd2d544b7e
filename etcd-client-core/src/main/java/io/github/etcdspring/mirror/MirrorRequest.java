/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.mirror;

import java.util.Objects;

import io.github.etcdspring.ByteSequence;

/**
 * What to copy, and from where on. Immutable.
 */
public final class MirrorRequest {

	private final ByteSequence prefix;

	private final long startRevision;

	private MirrorRequest(ByteSequence prefix, long startRevision) {
		this.prefix = Objects.requireNonNull(prefix, "prefix");
		this.startRevision = startRevision;
	}

	/**
	 * Returns a mirror of the keys of a prefix that begins with all of them.
	 * @param prefix the prefix; the empty one is that of every key
	 * @return the request
	 */
	public static MirrorRequest of(ByteSequence prefix) {
		return new MirrorRequest(prefix, 0);
	}

	/**
	 * Returns a mirror of the keys of a prefix that begins with all of them.
	 * @param prefix the prefix as text; the empty one is that of every key
	 * @return the request
	 */
	public static MirrorRequest of(String prefix) {
		return of(ByteSequence.of(prefix));
	}

	/**
	 * Returns the same mirror, which goes on where an earlier one has stopped. If that
	 * place is compacted, or the source was put back to a backup, it begins with all keys
	 * all the same.
	 * @param revision the first revision of the source to copy, above 0: the one
	 * {@linkplain Mirror#revision() reached} plus 1. What is copied must hold the prefix
	 * as it was before that revision
	 * @return a new request
	 * @throws IllegalArgumentException if it is not above 0
	 */
	public MirrorRequest from(long revision) {
		if (revision <= 0) {
			throw new IllegalArgumentException(
					"start revision: " + revision + " (expected: above 0; leave it out to copy all keys first)");
		}
		return new MirrorRequest(this.prefix, revision);
	}

	/**
	 * Returns what to copy.
	 * @return the prefix
	 */
	public ByteSequence prefix() {
		return this.prefix;
	}

	/**
	 * Returns from where on.
	 * @return the first revision to copy; 0 to copy all keys first
	 */
	public long startRevision() {
		return this.startRevision;
	}

	@Override
	public String toString() {
		return "MirrorRequest[" + this.prefix + ((this.startRevision != 0) ? " from " + this.startRevision : "") + "]";
	}

}
