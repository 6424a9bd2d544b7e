/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.mirror;

/**
 * What a mirror tells of its progress. Calls come one at a time, in order, on a callback
 * executor of the source; while one blocks, or waits for a thread, the mirror does not go
 * on. An exception thrown here is logged.
 */
public interface MirrorListener {

	/**
	 * Takes the word that the copy is the source's prefix as it was at a revision. To be
	 * remembered by who wants to go on from there after a restart.
	 * @param revision the revision of the source; lower than the one before only after
	 * {@link #onRelist}, if the source was put back to a backup
	 */
	default void onReached(long revision) {
	}

	/**
	 * Takes the word that all keys are read anew, since changes are lost for good or the
	 * target is not what it was. Until the next revision is reached the copy may be a mix
	 * of what it was and what it becomes.
	 * @param reason why: a {@link io.github.etcdspring.CompactedException}, a
	 * {@link io.github.etcdspring.HistoryResetException}, or a failure that may pass
	 */
	default void onRelist(Throwable reason) {
	}

}
