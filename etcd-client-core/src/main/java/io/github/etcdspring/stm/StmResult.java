/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.stm;

import org.jspecify.annotations.Nullable;

/**
 * A transaction that was committed.
 *
 * @param <T> what the body returns
 * @param value what the body returned in the attempt that was committed
 * @param revision the revision of the store at the commit: that of the writes, or, where
 * nothing was written, one at which all that was read is so; at
 * {@link IsolationLevel#READ_COMMITTED} without writes that of the last answer; 0 if etcd
 * was asked nothing
 */
public record StmResult<T extends @Nullable Object>(T value, long revision) {

	/** Names the revision, never the value. */
	@Override
	public String toString() {
		return "StmResult[revision=" + this.revision + "]";
	}

}
