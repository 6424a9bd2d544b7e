/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.mirror;

import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.KeyRange;

/**
 * Which key of the target stands for which of the source.
 *
 * @param source the source's prefix
 * @param target the target's
 */
record KeyMapping(ByteSequence source, ByteSequence target) {

	private static final ByteSequence ZERO = ByteSequence.copyOf(new byte[1]);

	ByteSequence toTarget(ByteSequence key) {
		return this.target.concat(key.substring(this.source.size()));
	}

	/** All of the target's keys. */
	KeyRange targetRange() {
		return KeyRange.prefix(this.target);
	}

	/** The target's keys from one on, up to and including another. */
	static KeyRange upTo(ByteSequence from, ByteSequence last) {
		return KeyRange.between(from, last.concat(ZERO));
	}

	/** The target's keys from one on. */
	KeyRange rest(ByteSequence from) {
		return targetRange().end().map((end) -> KeyRange.between(from, end)).orElseGet(() -> KeyRange.from(from));
	}

	/** The lowest key above another. */
	static ByteSequence after(ByteSequence key) {
		return key.concat(ZERO);
	}

}
