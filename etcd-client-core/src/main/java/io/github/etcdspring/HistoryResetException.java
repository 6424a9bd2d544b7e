/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring;

import org.jspecify.annotations.Nullable;

/**
 * The cluster's history is another one than the watch followed: it was put back to a
 * backup, or another cluster answers. What the watch has told may never have happened
 * there. Read the present state and go on from its revision.
 *
 * @serial exclude
 */
public final class HistoryResetException extends EtcdException {

	private static final long serialVersionUID = 1L;

	private final long followedRevision;

	private final long revision;

	/**
	 * Creates the exception.
	 * @param details what is known of the failure
	 * @param followedRevision the revision that the watch had come to
	 * @param revision that of the other history, when it was noticed
	 * @param cause what caused it, if known
	 */
	public HistoryResetException(FailureDetails details, long followedRevision, long revision,
			@Nullable Throwable cause) {
		super(details, cause);
		this.followedRevision = followedRevision;
		this.revision = revision;
	}

	/**
	 * Returns the revision that the watch had come to in the history before.
	 * @return the revision
	 */
	public long followedRevision() {
		return this.followedRevision;
	}

	/**
	 * Returns the revision of the history that is there now, when it was noticed.
	 * @return the revision
	 */
	public long revision() {
		return this.revision;
	}

	@Override
	HistoryResetException with(FailureDetails details) {
		return new HistoryResetException(details, this.followedRevision, this.revision, getCause());
	}

}
