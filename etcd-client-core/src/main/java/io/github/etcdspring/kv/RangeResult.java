/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.kv;

import java.util.List;
import java.util.Optional;

import io.github.etcdspring.KeyValue;
import io.github.etcdspring.ResponseHeader;

/**
 * What a read found.
 *
 * @param header the answer's header; its revision is that of the store when it answered,
 * also when an older one was read
 * @param kvs the keys, in the order asked for; immutable
 * @param more whether the limit left keys out
 * @param count how many keys the range holds, whatever the limit and the bounds on
 * revisions
 */
public record RangeResult(ResponseHeader header, List<KeyValue> kvs, boolean more,
		long count) implements TxnOperationResult {

	/**
	 * Takes a copy of the list.
	 * @param header the answer's header
	 * @param kvs the keys
	 * @param more whether the limit left keys out
	 * @param count how many keys the range holds
	 */
	public RangeResult {
		kvs = List.copyOf(kvs);
	}

	/**
	 * Returns the first key found.
	 * @return the key-value; empty if there is none
	 */
	public Optional<KeyValue> first() {
		return this.kvs.isEmpty() ? Optional.empty() : Optional.of(this.kvs.get(0));
	}

	/**
	 * Returns the revision of the store when it answered.
	 * @return the header's revision
	 */
	public long revision() {
		return this.header.revision();
	}

}
