/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.kv;

import io.github.etcdspring.KeyRange;

/**
 * What to delete: etcd's {@code DeleteRangeRequest}. Immutable.
 */
public final class DeleteRequest implements TxnOperation {

	private final KeyRange range;

	private final boolean returnPrevious;

	private DeleteRequest(KeyRange range, boolean returnPrevious) {
		this.range = range;
		this.returnPrevious = returnPrevious;
	}

	/**
	 * Returns a deletion of the keys of a range.
	 * @param range the keys
	 * @return the request
	 */
	public static DeleteRequest of(KeyRange range) {
		return new DeleteRequest(range, false);
	}

	/**
	 * Returns the same deletion that also returns what the keys held.
	 * @return a new request
	 */
	public DeleteRequest withPrevious() {
		return new DeleteRequest(this.range, true);
	}

	/**
	 * Returns the keys to delete.
	 * @return the range
	 */
	public KeyRange range() {
		return this.range;
	}

	/**
	 * Whether the deleted key-values are returned.
	 * @return whether {@link #withPrevious()} was asked for
	 */
	public boolean returnsPrevious() {
		return this.returnPrevious;
	}

	@Override
	public String toString() {
		return "DeleteRequest[" + this.range + "]";
	}

}
