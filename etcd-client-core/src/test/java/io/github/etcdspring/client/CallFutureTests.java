/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.etcdspring.fixture.SteppedExecutor;
import io.github.etcdspring.internal.HandedOff;
import org.junit.jupiter.api.Test;

import static io.github.etcdspring.fixture.Results.failureOf;
import static io.github.etcdspring.fixture.Results.resultOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatObject;
import static org.awaitility.Awaitility.await;

/**
 * Tests of {@link CallFuture}.
 */
class CallFutureTests {

	private final SteppedExecutor executor = new SteppedExecutor();

	private final CompletableFuture<String> call = new CompletableFuture<>();

	private final CallFuture<String> user = new CallFuture<>(this.call, this.executor);

	@Test
	void completesOnTheExecutor() {
		this.call.complete("answer");
		assertThat(this.user).isNotDone();

		this.executor.runNext();

		assertThat(this.user).isCompletedWithValue("answer");
	}

	@Test
	void failsWithTheFailureOfTheCallItself() {
		IllegalStateException failure = new IllegalStateException("no");

		this.call.completeExceptionally(failure);
		this.executor.runNext();

		assertThat(failureOf(this.user)).isSameAs(failure);
	}

	@Test
	void cancelsTheCallWhenItIsCancelled() {
		this.user.cancel(false);

		assertThat(this.call).isCancelled();
		assertThat(this.user).isCancelled();
	}

	@Test
	void cancelsTheCallWhenTheUserFailsIt() {
		this.user.completeExceptionally(new IllegalStateException("enough"));

		assertThat(this.call).isCancelled();
		assertThat(failureOf(this.user)).isInstanceOf(IllegalStateException.class);
	}

	@Test
	void cancelsTheCallWhenTheUsersTimeIsUp() {
		this.user.orTimeout(1, TimeUnit.MILLISECONDS);

		assertThat(failureOf(this.user)).isInstanceOf(TimeoutException.class);
		await().until(this.call::isCancelled);
	}

	@Test
	void leavesTheCallAloneWhenTheUserKnowsTheAnswer() {
		this.user.complete("known");

		assertThat(this.call).isNotDone();
	}

	@Test
	void leavesTheCallAloneWhenWhatIsMadeOfItIsCancelled() {
		this.user.thenApply(String::length).cancel(false);

		assertThat(this.call).isNotDone();
	}

	@Test
	void leavesTheCallAloneWhenItIsCancelledTooLate() {
		this.user.complete("known");

		assertThat(this.user.cancel(false)).isFalse();
		assertThat(this.call).isNotDone();
	}

	@Test
	void holdsNothingOfTheCallOnceItIsComplete() {
		this.call.complete("answer");
		this.executor.runNext();

		assertThatObject(this.user).hasFieldOrPropertyWithValue("call", null);
	}

	@Test
	void keepsItsAnswerWhenItIsCancelledLater() {
		this.call.complete("answer");
		this.executor.runNext();

		assertThat(this.user.cancel(false)).isFalse();
		assertThat(resultOf(this.user)).isEqualTo("answer");
	}

	@Test
	void completesWhereTheCallDoesForOneWhoWantsThat() {
		HandedOff.direct(this.user);

		this.call.complete("answer");

		assertThat(this.user).isCompletedWithValue("answer");
		assertThat(this.executor.isEmpty()).isTrue();
	}

	@Test
	void completesOnTheExecutorIfTheCallHasEndedBeforeThat() {
		this.call.complete("answer");
		HandedOff.direct(this.user);
		assertThat(this.user).isNotDone();

		this.executor.runNext();

		assertThat(this.user).isCompletedWithValue("answer");
	}

	@Test
	void cancelsTheCallWhoseAnswerNobodyGets() {
		AtomicInteger cancellations = new AtomicInteger();
		CompletableFuture<String> call = new CompletableFuture<>() {

			@Override
			public boolean cancel(boolean mayInterruptIfRunning) {
				cancellations.incrementAndGet();
				return false;
			}

		};
		CallFuture<String> user = new CallFuture<>(call, this.executor);
		call.complete("answer");
		user.complete("known");

		this.executor.runNext();

		assertThat(cancellations).hasValue(1);
	}

}
