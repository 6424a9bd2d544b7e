/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.util.concurrent.locks.ReentrantLock;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a source held when it was last of use. It is looked at for each new connection, so
 * that certificates can be replaced while the client runs; what is broken or half written
 * changes nothing, and is logged once. Thread-safe.
 *
 * @param <M> the JDK's trust or key manager
 */
final class TlsMaterial<M> {

	private static final Logger logger = LoggerFactory.getLogger(TlsMaterial.class);

	private final TlsSource<M> source;

	/**
	 * Guards the fields below; held while the source is read, which is a few kilobytes.
	 */
	private final ReentrantLock lock = new ReentrantLock();

	private Object version;

	private M current;

	private @Nullable String problem;

	/**
	 * Reads the source for the first time.
	 * @throws InvalidTlsException if it is of no use
	 */
	TlsMaterial(TlsSource<M> source) {
		this.source = source;
		this.version = source.version();
		this.current = source.load();
	}

	/** Returns what the source holds now, or what it held before it broke. */
	M current() {
		this.lock.lock();
		try {
			Object version = this.source.version();
			if (!version.equals(this.version)) {
				this.version = version;
				load();
			}
			return this.current;
		}
		finally {
			this.lock.unlock();
		}
	}

	private void load() {
		try {
			this.current = this.source.load();
			this.problem = null;
			logger.debug("{} was read again", this.source);
		}
		catch (InvalidTlsException ex) {
			String problem = String.valueOf(ex.getMessage());
			if (!problem.equals(this.problem)) {
				this.problem = problem;
				logger.warn("{}; what was read before stays in use", problem);
			}
		}
	}

}
