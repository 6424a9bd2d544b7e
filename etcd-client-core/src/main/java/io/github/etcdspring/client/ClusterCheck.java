/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

import io.github.etcdspring.EtcdAuthenticationException;
import io.github.etcdspring.EtcdPermissionException;
import io.github.etcdspring.EtcdRequestException;
import io.github.etcdspring.EtcdUnsupportedException;
import io.github.etcdspring.FailureDetails;
import io.github.etcdspring.StatusCode;
import io.github.etcdspring.Ticker;
import io.github.etcdspring.WrongClusterException;
import org.jspecify.annotations.Nullable;

/**
 * Lets calls begin only when a member has shown that it belongs to the cluster that is
 * expected. At first use every member is asked, each by itself; calls begin with the
 * first that belongs there. One that belongs elsewhere keeps all calls from beginning,
 * whenever it answers; after a while the members are asked again, and then calls wait for
 * what each of them says. A member that may not tell, since the client's user has no
 * right to ask, lets calls begin: their own answers are checked too. Thread-safe.
 */
final class ClusterCheck {

	/** How long the answer of another cluster keeps calls from beginning. */
	private static final Duration REFUSAL = Duration.ofSeconds(5);

	private final long expected;

	/** Asks each member for its cluster's id. */
	private final Supplier<List<CompletableFuture<Long>>> question;

	private final Ticker ticker;

	/** Guards the fields below; never held while anything waits. */
	private final ReentrantLock lock = new ReentrantLock();

	private @Nullable CompletableFuture<Void> passed;

	/** Whether a member was found that belongs elsewhere. */
	private boolean refused;

	private long failedAtNanos;

	ClusterCheck(long expected, Supplier<List<CompletableFuture<Long>>> question, Ticker ticker) {
		this.expected = expected;
		this.question = question;
		this.ticker = ticker;
	}

	boolean isExpected(long clusterId) {
		return clusterId == this.expected;
	}

	/**
	 * Returns whether calls may begin.
	 * @return a future that fails if they may not
	 */
	CompletableFuture<Void> passed() {
		CompletableFuture<Void> asked;
		boolean afterRefusal;
		this.lock.lock();
		try {
			CompletableFuture<Void> passed = this.passed;
			if (passed != null && (!passed.isCompletedExceptionally() || isRefusalFresh())) {
				return passed;
			}
			asked = new CompletableFuture<>();
			this.passed = asked;
			afterRefusal = this.refused;
			this.failedAtNanos = this.ticker.nanoTime() - REFUSAL.toNanos();
		}
		finally {
			this.lock.unlock();
		}
		ask(asked, afterRefusal);
		return asked;
	}

	private boolean isRefusalFresh() {
		return this.ticker.nanoTime() - this.failedAtNanos < REFUSAL.toNanos();
	}

	private void ask(CompletableFuture<Void> asked, boolean afterRefusal) {
		List<CompletableFuture<Long>> answers;
		try {
			answers = this.question.get();
		}
		catch (Throwable ex) {
			// others wait for it too
			asked.completeExceptionally(ex);
			return;
		}
		AtomicInteger missing = new AtomicInteger(answers.size());
		AtomicBoolean welcome = new AtomicBoolean();
		for (CompletableFuture<Long> answer : answers) {
			answer.whenComplete((clusterId, failure) -> {
				if (clusterId != null && !isExpected(clusterId)) {
					refuse(clusterId);
					// also when it was forgotten meanwhile
					asked.completeExceptionally(refusal(clusterId));
				}
				else if (clusterId != null || mayNotTell(failure)) {
					welcome.set(true);
				}
				boolean last = missing.decrementAndGet() == 0;
				if (welcome.get() && (last || !afterRefusal)) {
					asked.complete(null);
				}
				else if (last && failure != null) {
					asked.completeExceptionally(failure);
				}
			});
		}
	}

	private static boolean mayNotTell(Throwable failure) {
		return failure instanceof EtcdPermissionException || failure instanceof EtcdAuthenticationException
				|| failure instanceof EtcdRequestException || failure instanceof EtcdUnsupportedException;
	}

	/** Asks the members again before the next call: they may be others. */
	void forget() {
		this.lock.lock();
		try {
			this.passed = null;
		}
		finally {
			this.lock.unlock();
		}
	}

	/** Returns whether a call may begin at the one member that was asked. */
	CompletableFuture<Void> passedBy(CompletableFuture<Long> answer) {
		CompletableFuture<Void> passed = new CompletableFuture<>();
		answer.whenComplete((clusterId, failure) -> {
			if (failure != null) {
				passed.completeExceptionally(failure);
			}
			else if (isExpected(clusterId)) {
				passed.complete(null);
			}
			else {
				passed.completeExceptionally(refusal(clusterId));
			}
		});
		return passed;
	}

	private WrongClusterException refusal(long clusterId) {
		return new WrongClusterException(FailureDetails.local(describe(clusterId), StatusCode.FAILED_PRECONDITION),
				clusterId, null);
	}

	/** Keeps calls from beginning: a member belongs to another cluster. */
	void refuse(long clusterId) {
		WrongClusterException refusal = refusal(clusterId);
		CompletableFuture<Void> asked;
		this.lock.lock();
		try {
			asked = this.passed;
			this.passed = CompletableFuture.failedFuture(refusal);
			this.refused = true;
			this.failedAtNanos = this.ticker.nanoTime();
		}
		finally {
			this.lock.unlock();
		}
		if (asked != null) {
			asked.completeExceptionally(refusal);
		}
	}

	String describe(long clusterId) {
		return "a member of cluster " + Long.toHexString(clusterId) + " answered (expected: cluster "
				+ Long.toHexString(this.expected) + "); check the endpoints";
	}

}
