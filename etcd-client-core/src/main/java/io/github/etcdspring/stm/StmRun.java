/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.stm;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.EtcdException;
import io.github.etcdspring.EtcdUnavailableException;
import io.github.etcdspring.FailureDetails;
import io.github.etcdspring.Outcome;
import io.github.etcdspring.StatusCode;
import io.github.etcdspring.StmConflictException;
import io.github.etcdspring.kv.KvClient;
import io.github.etcdspring.kv.TxnResult;
import org.jspecify.annotations.Nullable;

/**
 * The attempts of one transaction, whichever form it runs in: what each begins with, and
 * whether another follows. Who drives it sends the commits and waits between the
 * attempts. Used by one thread at a time.
 * <p>
 * Attempts come in pairs. The commit of the first reads anew what it compares, if that
 * has changed, and the second begins with it at once: nothing lies between the two
 * commits but the body. If that is in vain too, there are many who want the same keys; a
 * pause parts them, and the next pair reads for itself, since what was read before the
 * pause is as old as the pause is long.
 *
 * @param <T> what the body returns
 * @param <E> what the body throws
 */
final class StmRun<T extends @Nullable Object, E extends Exception> {

	private final KvClient kv;

	private final StmOptions options;

	private final StmBody<T, E> body;

	private int attempts;

	private Prefetch prefetch = Prefetch.NONE;

	/** What ended the last attempt, if it was no conflict. */
	private @Nullable EtcdException failure;

	StmRun(KvClient kv, StmOptions options, StmBody<T, E> body) {
		this.kv = kv;
		this.options = options;
		this.body = body;
	}

	/**
	 * Makes the next attempt, up to its commit. Blocks, and runs the body.
	 * @param givenUp whether nobody waits for the transaction any more
	 * @return the commit; empty if the attempt read at a revision that is gone
	 * @throws E as the body throws
	 * @throws EtcdException as a read failed
	 */
	Optional<Commit<T>> attempt(BooleanSupplier givenUp) throws E {
		this.attempts++;
		this.failure = null;
		ReadSet reads = new ReadSet(this.kv, this.options.isolation(), this.prefetch);
		this.prefetch = Prefetch.NONE;
		StmTransaction transaction = new StmTransaction(reads, givenUp);
		try {
			transaction.prefetch(this.options.prefetch());
			T value = this.body.run(transaction);
			transaction.checkReads();
			return Optional
				.of(new Commit<>(value, this.options.isolation(), reads, transaction.writes(), keysOfNext(reads)));
		}
		catch (Exception ex) {
			// the body may make of an outdated read what it will
			if (transaction.isOutdated()) {
				return Optional.empty();
			}
			throw ex;
		}
		finally {
			transaction.end();
		}
	}

	/**
	 * Returns the keys that a conflict reads for the attempt that follows at once: those
	 * that are compared, and no more, since the server bounds both alike.
	 */
	private List<ByteSequence> keysOfNext(ReadSet reads) {
		if (!isNextAtOnce() || isLast() || !this.options.isolation().readsOneRevision()) {
			return List.of();
		}
		return reads.keys();
	}

	private boolean isNextAtOnce() {
		return this.attempts % 2 == 1;
	}

	private boolean isLast() {
		return this.attempts >= this.options.maxAttempts();
	}

	/**
	 * Takes the answer to a commit.
	 * @return the result; empty if there was a conflict
	 */
	Optional<StmResult<T>> conclude(Commit<T> commit, TxnResult answer) {
		if (answer.succeeded()) {
			return Optional.of(commit.result(answer));
		}
		this.prefetch = commit.prefetch(answer);
		return Optional.empty();
	}

	/**
	 * Takes the failure of a commit. One that writes is never followed by another: it may
	 * have been applied, or the client has tried again already.
	 * @throws EtcdException unless another attempt may follow
	 */
	void fail(Commit<T> commit, EtcdException failure) {
		if (commit.hasWrites()) {
			throw failure;
		}
		EtcdException harmless = failure.withOutcome(Outcome.NOT_APPLIED);
		if (!(failure instanceof EtcdUnavailableException)) {
			throw harmless;
		}
		this.failure = harmless;
	}

	/**
	 * Returns how long to pause before the next attempt.
	 * @return the time; zero if that follows at once
	 * @throws EtcdException if there is none any more
	 */
	Duration pause() {
		if (isLast()) {
			throw (this.failure != null) ? this.failure : conflict();
		}
		return isNextAtOnce() ? Duration.ZERO : this.options.backoff().delay(this.attempts / 2);
	}

	private StmConflictException conflict() {
		return new StmConflictException(new FailureDetails("transaction not committed: others wrote its keys first",
				null, StatusCode.ABORTED, Outcome.NOT_APPLIED, true, null, this.attempts), null);
	}

}
