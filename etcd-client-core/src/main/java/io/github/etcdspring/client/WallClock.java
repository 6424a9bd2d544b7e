/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.time.InstantSource;

/**
 * The wall clock of the machine, which jumps and differs from that of any server. The
 * expiry that is written in a token can be compared with nothing else; deadlines never
 * use it.
 */
final class WallClock {

	private WallClock() {
	}

	static InstantSource system() {
		return InstantSource.system();
	}

}
