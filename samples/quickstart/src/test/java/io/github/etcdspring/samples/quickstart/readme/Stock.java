/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.samples.quickstart.readme;

import java.util.List;

import io.github.etcdspring.boot.lock.EtcdLocks;
import io.github.etcdspring.kv.PutRequest;
import io.github.etcdspring.kv.TxnRequest;
import io.github.etcdspring.lock.EtcdLock;
import org.springframework.stereotype.Component;

@Component
class Stock {

	private final EtcdLocks locks;

	Stock(EtcdLocks locks) {
		this.locks = locks;
	}

	void set(String article, int pieces) {
		EtcdLock lock = this.locks.get("stock");
		lock.lock();
		try {
			PutRequest put = PutRequest.of("stock/" + article, Integer.toString(pieces));
			lock.fence().commit(new TxnRequest(List.of(), List.of(put), List.of()));
		}
		finally {
			lock.unlock();
		}
	}

}
