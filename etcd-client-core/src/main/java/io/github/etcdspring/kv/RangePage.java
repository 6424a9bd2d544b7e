/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.kv;

import java.util.List;

import io.github.etcdspring.KeyValue;

/**
 * A part of what a read found.
 *
 * @param revision the revision that was read, the same on every page of a read; a watch
 * from the next one on misses nothing
 * @param kvs the keys, in ascending order, above those of the page before; immutable
 * @param more whether the range holds keys above these: on the next page or, after the
 * last one, left out by the limit
 */
public record RangePage(long revision, List<KeyValue> kvs, boolean more) {

	/**
	 * Takes a copy of the list.
	 * @param revision the revision that was read
	 * @param kvs the keys
	 * @param more whether the range holds keys above these
	 */
	public RangePage {
		kvs = List.copyOf(kvs);
	}

}
