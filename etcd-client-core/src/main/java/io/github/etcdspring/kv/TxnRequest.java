/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.kv;

import java.util.List;

/**
 * A transaction: etcd's {@code TxnRequest}. If all compares hold, the first list of
 * operations runs, else the second; either way at one revision. A list may not put a key
 * twice, nor put and delete it, nested transactions included. How many compares and
 * operations there may be is a setting of the server, 128 by default.
 *
 * @param compares the conditions; without any the first list runs; immutable
 * @param success what runs if all hold; immutable
 * @param failure what runs if one does not; immutable
 */
public record TxnRequest(List<Compare> compares, List<TxnOperation> success,
		List<TxnOperation> failure) implements TxnOperation {

	/**
	 * Takes copies of the lists and checks that none writes a key twice.
	 * @param compares the conditions
	 * @param success what runs if all hold
	 * @param failure what runs if one does not
	 * @throws IllegalArgumentException if a list puts a key twice, or puts and deletes it
	 */
	public TxnRequest {
		compares = List.copyOf(compares);
		success = List.copyOf(success);
		failure = List.copyOf(failure);
		TxnWrites.check(success);
		TxnWrites.check(failure);
	}

}
