/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring;

/**
 * The clock of every deadline in this library: it only ever goes forward, and wall-clock
 * steps do not touch it. Implementations are thread-safe.
 */
@FunctionalInterface
public interface Ticker {

	/**
	 * Returns the time since an arbitrary moment that is the same for all calls.
	 * @return nanoseconds; only the difference of two readings means something
	 */
	long nanoTime();

	/**
	 * Returns the ticker of this JVM.
	 * @return {@link System#nanoTime()}
	 */
	static Ticker system() {
		return System::nanoTime;
	}

}
