/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.session;

import io.github.etcdspring.ByteSequence;

/**
 * The key of an entry is somebody else's: another is to be tried. Told to nobody outside.
 */
final class KeyTakenException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	KeyTakenException(ByteSequence key) {
		super("another has the key " + key);
	}

}
