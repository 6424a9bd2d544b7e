/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.session;

import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;

import io.github.etcdspring.EtcdClosedException;
import io.github.etcdspring.FailureDetails;
import io.github.etcdspring.StatusCode;
import io.github.etcdspring.lease.KeepAlive;

/**
 * Those who wait for a session's lease. Holds none that has given up, however long the
 * wait; each is told in a task of its own, so that none delays another. Thread-safe.
 */
final class LeaseWaiters {

	private final Executor executor;

	private final Set<Waiter> waiting = ConcurrentHashMap.newKeySet();

	LeaseWaiters(Executor executor) {
		this.executor = executor;
	}

	/**
	 * Adds one.
	 * @param patient whether it waits on when a try at granting a lease fails
	 */
	CompletableFuture<KeepAlive> add(boolean patient) {
		Waiter waiter = new Waiter(patient);
		this.waiting.add(waiter);
		waiter.whenComplete((lease, failure) -> this.waiting.remove(waiter));
		return waiter;
	}

	/** Takes those who wait now, to be told by one of the methods below. */
	List<Waiter> takeAll() {
		List<Waiter> taken = List.copyOf(this.waiting);
		taken.forEach(this.waiting::remove);
		return taken;
	}

	List<Waiter> takeImpatient() {
		List<Waiter> taken = this.waiting.stream().filter((waiter) -> !waiter.patient).toList();
		taken.forEach(this.waiting::remove);
		return taken;
	}

	void complete(List<Waiter> taken, KeepAlive lease) {
		taken.forEach((waiter) -> this.executor.execute(() -> waiter.complete(lease)));
	}

	void fail(List<Waiter> taken, Throwable failure) {
		taken.forEach((waiter) -> this.executor.execute(() -> waiter.completeExceptionally(failure)));
	}

	static EtcdClosedException sessionClosed() {
		return new EtcdClosedException(FailureDetails.local("the session is closed", StatusCode.CANCELLED), null);
	}

	/** One that waits. */
	static final class Waiter extends CompletableFuture<KeepAlive> {

		private final boolean patient;

		Waiter(boolean patient) {
			this.patient = patient;
		}

	}

}
