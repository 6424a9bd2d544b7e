/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.session;

import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

import io.github.etcdspring.internal.OwnSteps;
import io.github.etcdspring.lease.KeepAlive;
import io.github.etcdspring.lease.LeaseEnd;
import org.jspecify.annotations.Nullable;

/**
 * The entries that rest on one lease. Tells each that stands of the lease's end, and
 * holds none that is gone: what is chained to the lease itself stays as long as the
 * lease, and a lease sees millions of entries. Thread-safe.
 */
final class LeaseEntries {

	private final Set<QueueEntry> standing = ConcurrentHashMap.newKeySet();

	private volatile @Nullable LeaseEnd end;

	private LeaseEntries() {
	}

	static LeaseEntries of(KeepAlive lease) {
		LeaseEntries entries = new LeaseEntries();
		OwnSteps.endOf(lease).thenAccept(entries::ended);
		return entries;
	}

	/** Adds an entry; it is told at once if the lease has ended. */
	void add(QueueEntry entry) {
		this.standing.add(entry);
		entry.removal().gone().whenComplete((removed, failure) -> this.standing.remove(entry));
		LeaseEnd end = this.end;
		if (end != null) {
			tell(entry, end);
		}
	}

	/**
	 * Takes the word that the lease is left to others.
	 * @return completes once those who wait have left their queues
	 */
	CompletableFuture<?> leaseLeft() {
		return CompletableFuture
			.allOf(this.standing.stream().map(QueueEntry::leaseLeft).toArray(CompletableFuture[]::new));
	}

	private void ended(LeaseEnd end) {
		this.end = end;
		this.standing.forEach((entry) -> tell(entry, end));
	}

	/** Tells once, whoever comes first. */
	private void tell(QueueEntry entry, LeaseEnd end) {
		if (this.standing.remove(entry)) {
			entry.leaseEnded(end);
		}
	}

}
