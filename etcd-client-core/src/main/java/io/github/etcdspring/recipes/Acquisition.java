/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.recipes;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

import io.github.etcdspring.internal.BlockingCall;
import io.github.etcdspring.internal.OwnSteps;
import io.github.etcdspring.session.Contender;
import io.github.etcdspring.session.Ownership;
import io.github.etcdspring.session.Session;

/**
 * One way to own something, with and without a limit in time. Thread-safe.
 *
 * @param session whose lease the keys are attached to
 * @param contender contends for it
 */
record Acquisition(Session session, Contender contender) {

	Ownership acquire() throws InterruptedException {
		return BlockingCall.await(acquireAsync(), Ownership::releaseAsync);
	}

	CompletableFuture<Ownership> acquireAsync() {
		return this.contender.enter(this.session);
	}

	Optional<Ownership> tryAcquire(Duration wait) throws InterruptedException {
		return BlockingCall.await(tryAcquireAsync(wait), (late) -> late.ifPresent(Ownership::releaseAsync));
	}

	CompletableFuture<Optional<Ownership>> tryAcquireAsync(Duration wait) {
		if (wait.isZero() || wait.isNegative()) {
			return this.contender.tryEnter(this.session);
		}
		return TimedWait.of(OwnSteps.of(this.session.client()), acquireAsync(), wait, Ownership::releaseAsync);
	}

}
