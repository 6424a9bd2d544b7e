/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.kv;

import java.util.List;

import io.github.etcdspring.KeyValue;
import io.github.etcdspring.ResponseHeader;

/**
 * What a deletion returned.
 *
 * @param header the answer's header; its revision is that of the deletion, or the store's
 * when no key was there
 * @param deleted how many keys were deleted
 * @param previous what they held, in key order; empty if it was not asked for; immutable
 */
public record DeleteResult(ResponseHeader header, long deleted, List<KeyValue> previous) implements TxnOperationResult {

	/**
	 * Takes a copy of the list.
	 * @param header the answer's header
	 * @param deleted how many keys were deleted
	 * @param previous what they held
	 */
	public DeleteResult {
		previous = List.copyOf(previous);
	}

	/**
	 * Returns the revision of the deletion.
	 * @return the header's revision
	 */
	public long revision() {
		return this.header.revision();
	}

}
