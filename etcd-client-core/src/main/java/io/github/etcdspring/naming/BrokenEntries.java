/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.naming;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.KeyValue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs entries that cannot be used, each once until it is written again, however often it
 * is read. Remembers a bounded number of them. Thread-safe.
 */
final class BrokenEntries {

	private static final int MOST = 1000;

	/** Keys are chosen by others. */
	private static final int LONGEST = 64;

	private static final Logger logger = LoggerFactory.getLogger(BrokenEntries.class);

	/** Guards the field below. */
	private final ReentrantLock lock = new ReentrantLock();

	/** The revision that wrote each entry told of. */
	private final Map<ByteSequence, Long> told = new LinkedHashMap<>();

	void tell(KeyValue kv, String reason) {
		if (isNews(kv)) {
			String key = kv.key().toString();
			logger.warn("endpoint at etcd key '{}' is passed over: {}",
					(key.length() > LONGEST) ? key.substring(0, LONGEST) + "..." : key, reason);
		}
	}

	private boolean isNews(KeyValue kv) {
		this.lock.lock();
		try {
			Long before = this.told.put(kv.key(), kv.modRevision());
			if (this.told.size() > MOST) {
				this.told.remove(this.told.keySet().iterator().next());
			}
			return before == null || before != kv.modRevision();
		}
		finally {
			this.lock.unlock();
		}
	}

}
