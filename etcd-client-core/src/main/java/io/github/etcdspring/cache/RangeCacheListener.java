/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.cache;

/**
 * What a cache tells. Calls come one at a time, in order, on the client's callback
 * executor. An exception thrown here is logged.
 */
@FunctionalInterface
public interface RangeCacheListener {

	/**
	 * Takes a change. The first one goes from no keys at revision 0 to those found first.
	 * @param previous the keys as they were
	 * @param current the keys as they are; already what the cache returns
	 */
	void onChange(RangeSnapshot previous, RangeSnapshot current);

}
