/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.kv;

/**
 * Which options of a read go together. What etcd takes and then passes over, or can only
 * answer with nothing, is refused here instead of surprising later.
 */
final class RangeOptions {

	private RangeOptions() {
	}

	/**
	 * Checks the options of a read.
	 * @throws IllegalArgumentException if two of them exclude each other
	 */
	static void check(RangeRequest request) {
		if (request.isCountOnly()) {
			checkCount(request);
		}
		checkBounds("ModRevision", request.minModRevision(), request.maxModRevision());
		checkBounds("CreateRevision", request.minCreateRevision(), request.maxCreateRevision());
	}

	private static void checkCount(RangeRequest request) {
		if (request.isKeysOnly()) {
			throw new IllegalArgumentException("keysOnly and countOnly exclude each other: a count returns no keys");
		}
		if (request.limit() != 0) {
			throw new IllegalArgumentException("limit and countOnly exclude each other: etcd counts the whole range");
		}
		if (request.sortTarget() != RangeRequest.SortTarget.KEY
				|| request.sortOrder() != RangeRequest.SortOrder.ASCEND) {
			throw new IllegalArgumentException("sort and countOnly exclude each other: a count returns no keys");
		}
		if (hasBounds(request)) {
			throw new IllegalArgumentException(
					"bounds on revisions and countOnly exclude each other: etcd counts the whole range");
		}
	}

	private static boolean hasBounds(RangeRequest request) {
		return request.minModRevision() != 0 || request.maxModRevision() != 0 || request.minCreateRevision() != 0
				|| request.maxCreateRevision() != 0;
	}

	private static void checkBounds(String name, long min, long max) {
		if (max != 0 && min > max) {
			throw new IllegalArgumentException(
					"min" + name + ": " + min + " (expected: not above max" + name + ", which is " + max + ")");
		}
	}

}
