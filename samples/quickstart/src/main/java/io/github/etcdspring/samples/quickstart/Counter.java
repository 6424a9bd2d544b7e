/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.samples.quickstart;

import java.util.concurrent.TimeUnit;

import io.github.etcdspring.boot.lock.EtcdLocks;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.kv.PutRequest;
import io.github.etcdspring.lock.EtcdLock;
import org.springframework.stereotype.Component;

/**
 * A number in etcd that is read, then written, under a lock: no two callers of whatever
 * instance get the same. The write carries the lock's guard, so that it fails rather than
 * overwrites should the lock be lost between the two.
 */
@Component
class Counter {

	private static final String KEY = "quickstart/counter";

	private final EtcdClient etcd;

	private final EtcdLock lock;

	Counter(EtcdClient etcd, EtcdLocks locks) {
		this.etcd = etcd;
		this.lock = locks.get("counter");
	}

	/**
	 * Adds one.
	 * @return the new number
	 * @throws LockNotAvailableException if the lock could not be had, or was lost
	 */
	long increment() throws InterruptedException {
		if (!this.lock.tryLock(30, TimeUnit.SECONDS)) {
			throw new LockNotAvailableException("the lock 'counter' was not free within 30 s");
		}
		try {
			long number = 1
					+ this.etcd.kv().get(KEY).first().map((kv) -> Long.parseLong(kv.value().toUtf8())).orElse(0L);
			PutRequest put = PutRequest.of(KEY, Long.toString(number));
			if (!this.etcd.kv().txn().when(this.lock.guard()).then(put).commit().succeeded()) {
				throw new LockNotAvailableException("the lock 'counter' was lost before the number was written");
			}
			return number;
		}
		finally {
			this.lock.unlock();
		}
	}

}
