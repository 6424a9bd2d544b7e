/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.samples.quickstart.readme;

import io.github.etcdspring.boot.lock.EtcdLocks;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.kv.PutRequest;
import io.github.etcdspring.lock.EtcdLock;
import org.springframework.stereotype.Component;

@Component
class Stock {

	private final EtcdLocks locks;

	private final EtcdClient etcd;

	Stock(EtcdLocks locks, EtcdClient etcd) {
		this.locks = locks;
		this.etcd = etcd;
	}

	boolean set(String article, int pieces) {
		EtcdLock lock = this.locks.get("stock");
		lock.lock();
		try {
			PutRequest put = PutRequest.of("stock/" + article, Integer.toString(pieces));
			return this.etcd.kv().txn().when(lock.guard()).then(put).commit().succeeded();
		}
		finally {
			lock.unlock();
		}
	}

}
