/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.Stream;

import io.github.etcdspring.fixture.FakeClock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static io.github.etcdspring.fixture.Results.resultOf;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of {@link Callbacks}: an executor of the user's that takes no task.
 */
class CallbacksTests {

	static Stream<RuntimeException> rejections() {
		return Stream.of(new RejectedExecutionException("shut down"), new IllegalStateException("not initialized"));
	}

	@ParameterizedTest
	@MethodSource("rejections")
	void runElsewhereWhatIsRejected(RuntimeException rejection) {
		Callbacks callbacks = new Callbacks((task) -> {
			throw rejection;
		}, "rejecting", new FakeClock());
		CompletableFuture<Thread> ran = new CompletableFuture<>();

		callbacks.execute(() -> ran.complete(Thread.currentThread()));

		assertThat(resultOf(ran)).isNotSameAs(Thread.currentThread());
	}

}
