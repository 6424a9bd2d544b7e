/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.benchmarks.harness;

/**
 * Is told what a watch sees, on any thread.
 */
public interface WatchSink {

	/** Tells that the server has created the watch. */
	void opened();

	/**
	 * Tells of an event.
	 * @param revision of the event
	 * @return whether the value is wanted too
	 */
	boolean event(long revision);

	/**
	 * Tells the value of the last event, if it was wanted.
	 * @param value of the key
	 */
	void value(byte[] value);

}
