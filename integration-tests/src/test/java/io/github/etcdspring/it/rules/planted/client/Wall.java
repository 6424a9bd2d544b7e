/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.rules.planted.client;

import java.time.Instant;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/**
 * Breaks {@code onlyTickerReadsTheClock}, in several ways.
 */
final class Wall {

	private final LongSupplier clock = System::nanoTime;

	long elapsedSince(long begin) {
		return this.clock.getAsLong() - begin;
	}

	Instant now() {
		return Instant.now();
	}

	InstantSource source() {
		return InstantSource.system();
	}

}
