/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.stm;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;

import io.github.etcdspring.EtcdException;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.kv.TxnRequest;
import io.github.etcdspring.kv.TxnResult;
import org.jspecify.annotations.Nullable;

/**
 * Drives a transaction without a thread of its own: body and reads block a thread of the
 * callback executor; commits and pauses block none. Each step begins when the one before
 * has ended.
 *
 * @param <T> what the body returns
 */
final class AsyncStmRun<T extends @Nullable Object> {

	private final EtcdClient client;

	private final StmRun<T, ?> run;

	private final CompletableFuture<StmResult<T>> result = new CompletableFuture<>();

	/** The commit or the pause that is under way, to be cancelled with the result. */
	private volatile @Nullable Future<?> step;

	AsyncStmRun(EtcdClient client, StmRun<T, ?> run) {
		this.client = client;
		this.run = run;
	}

	CompletableFuture<StmResult<T>> start() {
		this.result.whenComplete((value, failure) -> {
			Future<?> step = this.step;
			if (failure != null && step != null) {
				step.cancel(true);
			}
		});
		beginAttempt();
		return this.result;
	}

	private void beginAttempt() {
		this.client.callbackExecutor().execute(() -> guarded(this::attempt));
	}

	/** Nobody else would end the result. */
	private void guarded(Step step) {
		try {
			step.take();
		}
		catch (Throwable ex) {
			this.result.completeExceptionally(ex);
		}
	}

	private void attempt() throws Exception {
		if (this.result.isDone()) {
			return;
		}
		Optional<Commit<T>> commit = this.run.attempt(this.result::isDone);
		if (commit.isEmpty()) {
			pause();
		}
		else {
			commit(commit.get());
		}
	}

	private void commit(Commit<T> commit) {
		Optional<TxnRequest> request = commit.request();
		if (request.isEmpty()) {
			this.result.complete(commit.result());
		}
		else if (!this.result.isDone()) {
			CompletableFuture<TxnResult> call = this.client.kv().txnAsync(request.get());
			hold(call);
			call.whenComplete((answer, failure) -> guarded(() -> settle(commit, answer, failure)));
		}
	}

	private void settle(Commit<T> commit, TxnResult answer, @Nullable Throwable failure) throws Exception {
		Optional<StmResult<T>> committed = Optional.empty();
		if (failure instanceof EtcdException refusal) {
			this.run.fail(commit, refusal);
		}
		else if (failure != null) {
			this.result.completeExceptionally(failure);
			return;
		}
		else {
			committed = this.run.conclude(commit, answer);
		}
		if (committed.isPresent()) {
			this.result.complete(committed.get());
		}
		else {
			pause();
		}
	}

	private void pause() {
		Duration delay = this.run.pause();
		if (delay.isZero()) {
			beginAttempt();
		}
		else {
			hold(this.client.scheduler().schedule(this::beginAttempt, delay));
		}
	}

	private void hold(Future<?> step) {
		this.step = step;
		if (this.result.isDone()) {
			step.cancel(true);
		}
	}

	/** A part of the run that may fail. */
	private interface Step {

		void take() throws Exception;

	}

}
