/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.kv;

import java.util.Optional;

import io.github.etcdspring.KeyValue;
import io.github.etcdspring.ResponseHeader;

/**
 * What a write returned.
 *
 * @param header the answer's header; its revision is that of the write
 * @param previous what the key held before; empty if it did not exist or was not asked
 * for
 */
public record PutResult(ResponseHeader header, Optional<KeyValue> previous) implements TxnOperationResult {

	/**
	 * Returns the revision of the write.
	 * @return the header's revision
	 */
	public long revision() {
		return this.header.revision();
	}

}
