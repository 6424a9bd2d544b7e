/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.session;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

import io.github.etcdspring.LeaseId;

/**
 * The leases of a session that were lost while the cluster was away, to be revoked when
 * it is back: it renews all leases then, and what is attached to them would stand in the
 * way for another TTL. Thread-safe.
 */
final class AbandonedLeases {

	/** More of them have long expired. */
	private static final int MAX = 16;

	/** Guards the field below; never held while anything waits. */
	private final ReentrantLock lock = new ReentrantLock();

	private final Deque<LeaseId> leases = new ArrayDeque<>();

	void add(LeaseId lease) {
		this.lock.lock();
		try {
			if (this.leases.size() == MAX) {
				this.leases.removeFirst();
			}
			this.leases.add(lease);
		}
		finally {
			this.lock.unlock();
		}
	}

	List<LeaseId> takeAll() {
		this.lock.lock();
		try {
			List<LeaseId> taken = List.copyOf(this.leases);
			this.leases.clear();
			return taken;
		}
		finally {
			this.lock.unlock();
		}
	}

}
