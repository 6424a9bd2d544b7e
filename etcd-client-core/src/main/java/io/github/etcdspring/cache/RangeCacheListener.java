/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.cache;

/**
 * What a cache tells. Calls come one at a time, in order, on the client's callback
 * executor; the cache does not wait for them. What changes while a call is under way is
 * told in one. After the close no call begins but one that was about to. An exception
 * thrown here is logged.
 */
@FunctionalInterface
public interface RangeCacheListener {

	/**
	 * Takes a change. The first one goes from no keys at revision 0 to those found first.
	 * @param previous the keys as they were told last
	 * @param current the keys as they are; the cache returns them, or later ones
	 */
	void onChange(RangeSnapshot previous, RangeSnapshot current);

}
