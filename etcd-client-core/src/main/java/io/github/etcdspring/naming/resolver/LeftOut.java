/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.naming.resolver;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs hosts and addresses that calls cannot go to, each once until it can be used again.
 * Remembers a bounded number of them. Thread-safe.
 */
final class LeftOut {

	private static final int MOST = 1000;

	/** Addresses are chosen by others. */
	private static final int LONGEST = 64;

	private static final Logger logger = LoggerFactory.getLogger(LeftOut.class);

	/** Guards the field below. */
	private final ReentrantLock lock = new ReentrantLock();

	private final Map<String, Boolean> told = new LinkedHashMap<>();

	void tell(String name, String reason) {
		if (isNews(name)) {
			logger.warn("endpoints at '{}' are left out: {}",
					(name.length() > LONGEST) ? name.substring(0, LONGEST) + "..." : name, reason);
		}
	}

	private boolean isNews(String name) {
		this.lock.lock();
		try {
			boolean known = this.told.put(name, true) != null;
			if (this.told.size() > MOST) {
				this.told.remove(this.told.keySet().iterator().next());
			}
			return !known;
		}
		finally {
			this.lock.unlock();
		}
	}

	void found(String name) {
		this.lock.lock();
		try {
			this.told.remove(name);
		}
		finally {
			this.lock.unlock();
		}
	}

}
