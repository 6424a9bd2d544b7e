/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.stm;

import java.util.Map;

import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.kv.RangeResult;

/**
 * What a commit that met a conflict read for the next attempt. Immutable.
 *
 * @param revision the revision that all of it was read at; 0 if there is nothing
 * @param found what each key was found to be
 */
record Prefetch(long revision, Map<ByteSequence, RangeResult> found) {

	static final Prefetch NONE = new Prefetch(0, Map.of());

	Prefetch {
		found = Map.copyOf(found);
	}

}
