/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of {@link HandedOff}.
 */
class HandedOffTests {

	private final CompletableFuture<String> source = new CompletableFuture<>();

	/** What the executor, all of whose threads are busy, is to run. */
	private final List<Runnable> waiting = new ArrayList<>();

	private final List<String> late = new ArrayList<>();

	private final CompletableFuture<String> future = HandedOff.of(this.source, this.waiting::add, this.late::add);

	@Test
	void completesOnTheExecutor() {
		this.source.complete("value");
		assertThat(this.future).isNotDone();

		this.waiting.forEach(Runnable::run);

		assertThat(this.future).isCompletedWithValue("value");
		assertThat(this.late).isEmpty();
	}

	@Test
	void givesUpAtOnceWhatCameBeforeItWasCancelledAndWaitsForAThread() {
		this.source.complete("value");

		this.future.cancel(false);

		assertThat(this.late).containsExactly("value");
	}

	@Test
	void givesUpAtOnceWhatComesAfterItWasCompletedOtherwise() {
		CompletableFuture<String> stubborn = new CompletableFuture<>() {

			@Override
			public boolean cancel(boolean mayInterruptIfRunning) {
				return false;
			}

		};
		CompletableFuture<String> future = HandedOff.of(stubborn, this.waiting::add, this.late::add);
		future.complete("other");

		stubborn.complete("value");

		assertThat(this.late).containsExactly("value");
	}

	@Test
	void givesUpOnceWhatTheExecutorRunsAfterAll() {
		this.source.complete("value");
		this.future.cancel(false);

		this.waiting.forEach(Runnable::run);

		assertThat(this.late).containsExactly("value");
	}

	@Test
	void cancelsItsSourceWhenItIsCancelled() {
		this.future.cancel(false);

		assertThat(this.source).isCancelled();
	}

}
