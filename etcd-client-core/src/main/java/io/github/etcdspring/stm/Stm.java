/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.stm;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;

import io.github.etcdspring.EtcdCancelledException;
import io.github.etcdspring.EtcdException;
import io.github.etcdspring.FailureDetails;
import io.github.etcdspring.StatusCode;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.kv.TxnRequest;
import org.jspecify.annotations.Nullable;

/**
 * Software transactional memory: runs a body that reads and writes keys as if it were
 * alone, and commits what it did in one transaction of etcd, provided that nobody has
 * changed meanwhile what the {@linkplain IsolationLevel level} guards. If somebody has,
 * the body is run again. What {@code STM} is in Go's {@code concurrency} package, with a
 * bound on the attempts and a pause between them.
 * <p>
 * <strong>Not guaranteed</strong>: that the body runs once; that a transaction which
 * fails with the outcome {@link io.github.etcdspring.Outcome#UNKNOWN} was not committed;
 * that keys are noticed which others add to a range, since only keys are guarded that the
 * body reads by name; that a transaction which many contend with ever commits.
 * <p>
 * Owns no thread and no connection: those are the client's. Thread-safe.
 */
public final class Stm {

	private final EtcdClient client;

	private final StmOptions options;

	private Stm(EtcdClient client, StmOptions options) {
		this.client = client;
		this.options = options;
	}

	/**
	 * Returns transactions with every default.
	 * @param client what they are run with; views go too, such as one with a namespace
	 * @return the transactions
	 */
	public static Stm of(EtcdClient client) {
		return of(client, StmOptions.defaults());
	}

	/**
	 * Returns transactions with options.
	 * @param client what they are run with; views go too, such as one with a namespace
	 * @param options how they are run
	 * @return the transactions
	 */
	public static Stm of(EtcdClient client, StmOptions options) {
		return new Stm(Objects.requireNonNull(client, "client"), Objects.requireNonNull(options, "options"));
	}

	/**
	 * Returns how transactions are run.
	 * @return the options
	 */
	public StmOptions options() {
		return this.options;
	}

	/**
	 * Runs a transaction in this thread. The server bounds it, by default to 128 keys
	 * read and 128 written, and at {@link IsolationLevel#SERIALIZABLE_SNAPSHOT} to 128 of
	 * both together; what is beyond that is an
	 * {@link io.github.etcdspring.EtcdRequestException}.
	 * <p>
	 * When the thread is interrupted while it waits, what it waits for is cancelled and
	 * an {@link EtcdCancelledException} thrown, with the flag set; its outcome is
	 * {@code UNKNOWN} if the commit was under way.
	 * @param <T> what the body returns
	 * @param <E> what the body throws
	 * @param body what the transaction does; run again after each conflict
	 * @return what the body returned last, and the revision of the commit
	 * @throws E as the body throws: nothing is written then
	 * @throws io.github.etcdspring.StmConflictException if each attempt met a conflict,
	 * or a compaction of what it read at; nothing is written
	 * @throws EtcdException if a read failed, with the outcome {@code NOT_APPLIED}, or
	 * the commit did: with the outcome {@code UNKNOWN} it may have been applied, and is
	 * not repeated
	 */
	public <T extends @Nullable Object, E extends Exception> StmResult<T> run(StmBody<T, E> body) throws E {
		StmRun<T, E> run = begin(body);
		while (true) {
			Optional<Commit<T>> commit = run.attempt(() -> false);
			Optional<StmResult<T>> result = commit.isPresent() ? commit(run, commit.get()) : Optional.empty();
			if (result.isPresent()) {
				return result.get();
			}
			pause(run.pause());
		}
	}

	/**
	 * Runs a transaction: the asynchronous form of {@link #run(StmBody)}. The body runs
	 * on the client's callback executor, and may block there.
	 * @param <T> what the body returns
	 * @param body what the transaction does; run again after each conflict, not always by
	 * the same thread
	 * @return the future result. Completes on the callback executor and fails with what
	 * {@code run} throws. When it is cancelled, a commit under way is cancelled as a call
	 * is, and may have been applied; a body under way goes on until its next use of the
	 * handle, which throws {@link EtcdCancelledException}; nothing more is sent
	 */
	public <T extends @Nullable Object> CompletableFuture<StmResult<T>> runAsync(StmBody<T, ?> body) {
		return new AsyncStmRun<>(this.client, begin(body)).start();
	}

	private <T extends @Nullable Object, E extends Exception> StmRun<T, E> begin(StmBody<T, E> body) {
		return new StmRun<>(this.client.kv(), this.options, Objects.requireNonNull(body, "body"));
	}

	private <T extends @Nullable Object> Optional<StmResult<T>> commit(StmRun<T, ?> run, Commit<T> commit) {
		Optional<TxnRequest> request = commit.request();
		if (request.isEmpty()) {
			return Optional.of(commit.result());
		}
		try {
			return run.conclude(commit, this.client.kv().txn(request.get()));
		}
		catch (EtcdException ex) {
			run.fail(commit, ex);
			return Optional.empty();
		}
	}

	private void pause(Duration delay) {
		if (delay.isZero()) {
			return;
		}
		CountDownLatch over = new CountDownLatch(1);
		Future<?> timer = this.client.scheduler().schedule(over::countDown, delay);
		try {
			over.await();
		}
		catch (InterruptedException ex) {
			timer.cancel(false);
			Thread.currentThread().interrupt();
			throw new EtcdCancelledException(FailureDetails
				.local("the thread was interrupted between two attempts at a transaction", StatusCode.CANCELLED), ex);
		}
	}

	/** Names the level. */
	@Override
	public String toString() {
		return "Stm[" + this.options.isolation() + "]";
	}

}
