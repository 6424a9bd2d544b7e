/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.cache;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import org.junit.jupiter.api.Test;

import static io.github.etcdspring.fixture.Results.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of {@link JoinedReads}.
 */
class JoinedReadsTests {

	private final List<CompletableFuture<String>> begun = new ArrayList<>();

	private final JoinedReads<String> reads = new JoinedReads<>(() -> {
		CompletableFuture<String> read = new CompletableFuture<>();
		this.begun.add(read);
		return read;
	});

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

}
