/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.internal;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import io.github.etcdspring.testing.FakeClock;
import org.junit.jupiter.api.Test;

import static io.github.etcdspring.fixture.Results.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of {@link JoinedReads}.
 */
class JoinedReadsTests {

	private final FakeClock clock = new FakeClock();

	private final List<CompletableFuture<String>> begun = new ArrayList<>();

	private final JoinedReads<String> reads = new JoinedReads<>(() -> {
		CompletableFuture<String> read = new CompletableFuture<>();
		this.begun.add(read);
		return read;
	}, this.clock);

	@Test
	void beginsAtOnceWhenNoneIsUnderWay() {
		CompletableFuture<String> first = this.reads.join();
		this.begun.get(0).complete("1");
		CompletableFuture<String> second = this.reads.join();
		this.begun.get(1).complete("2");

		assertThat(first).isCompletedWithValue("1");
		assertThat(second).isCompletedWithValue("2");
		assertThat(this.begun).hasSize(2);
	}

	@Test
	void letsWhoAsksMeanwhileShareTheNext() {
		CompletableFuture<String> first = this.reads.join();
		CompletableFuture<String> second = this.reads.join();
		CompletableFuture<String> third = this.reads.join();
		assertThat(this.begun).hasSize(1);

		this.begun.get(0).complete("1");

		assertThat(first).isCompletedWithValue("1");
		assertThat(second).isNotDone();
		this.begun.get(1).complete("2");
		assertThat(second).isCompletedWithValue("2");
		assertThat(third).isCompletedWithValue("2");
		assertThat(this.begun).hasSize(2);
	}

	@Test
	void goesOnWithTheNextWhenOneFails() {
		IllegalStateException failure = new IllegalStateException("failed on purpose");
		CompletableFuture<String> first = this.reads.join();
		CompletableFuture<String> second = this.reads.join();

		this.begun.get(0).completeExceptionally(failure);
		this.begun.get(1).complete("2");

		assertThat(failureOf(first)).isSameAs(failure);
		assertThat(second).isCompletedWithValue("2");
	}

	@Test
	void doesNotWaitForOneThatIsSlow() {
		CompletableFuture<String> first = this.reads.join();
		CompletableFuture<String> second = this.reads.join();
		this.clock.advance(JoinedReads.PATIENCE.minusMillis(1));
		assertThat(this.begun).hasSize(1);

		this.clock.advance(Duration.ofMillis(1));

		this.begun.get(1).complete("2");
		assertThat(second).isCompletedWithValue("2");
		assertThat(first).isNotDone();
		this.begun.get(0).complete("1");
		assertThat(first).isCompletedWithValue("1");
		assertThat(this.begun).hasSize(2);
	}

	@Test
	void keepsNobodyWaitingForOneThatCannotBegin() {
		IllegalStateException failure = new IllegalStateException("failed on purpose");
		List<CompletableFuture<String>> begun = new ArrayList<>();
		JoinedReads<String> reads = new JoinedReads<>(() -> {
			if (begun.size() == 1) {
				begun.add(CompletableFuture.completedFuture("never"));
				throw failure;
			}
			begun.add(new CompletableFuture<>());
			return begun.get(begun.size() - 1);
		}, this.clock);
		CompletableFuture<String> first = reads.join();
		CompletableFuture<String> second = reads.join();

		begun.get(0).complete("1");

		assertThat(first).isCompletedWithValue("1");
		assertThat(failureOf(second)).isSameAs(failure);
		CompletableFuture<String> third = reads.join();
		begun.get(2).complete("3");
		assertThat(third).isCompletedWithValue("3");
	}

	@Test
	void isCancelledWhenAllHaveLeft() {
		this.reads.join();
		CompletableFuture<String> second = this.reads.join();
		CompletableFuture<String> third = this.reads.join();
		this.begun.get(0).complete("1");

		second.cancel(true);
		assertThat(this.begun.get(1)).isNotDone();
		third.cancel(true);

		assertThat(this.begun.get(1)).isCancelled();
		assertThat(third).isCancelled();
	}

	@Test
	void beginsNoReadThatAllHaveLeft() {
		this.reads.join();
		this.reads.join().cancel(true);

		this.begun.get(0).complete("1");
		this.clock.advance(JoinedReads.PATIENCE);

		assertThat(this.begun).hasSize(1);
		CompletableFuture<String> later = this.reads.join();
		this.begun.get(1).complete("2");
		assertThat(later).isCompletedWithValue("2");
	}

}
