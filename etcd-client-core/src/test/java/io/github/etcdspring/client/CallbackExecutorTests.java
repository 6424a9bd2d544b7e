/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

import io.github.etcdspring.fixture.ScriptedCluster;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests of {@link CallbackExecutor}.
 */
class CallbackExecutorTests {

	private final ExecutorService executor = CallbackExecutor.create("etcd-client-test");

	private final CountDownLatch gate = new CountDownLatch(1);

	@AfterEach
	void endEveryThread() {
		this.gate.countDown();
		this.executor.shutdown();
		ScriptedCluster.awaitNoClientThread();
	}

	@Test
	void runsManyTasksThatBlockSideBySide() throws Exception {
		CountDownLatch running = new CountDownLatch(64);

		for (int i = 0; i < 64; i++) {
			this.executor.execute(() -> {
				running.countDown();
				block();
			});
		}

		assertThat(running.await(5, TimeUnit.SECONDS)).isTrue();
	}

	@Test
	void runsEveryTaskInTheEndWhenMoreBlockThanThereAreThreads() throws Exception {
		CountDownLatch ran = new CountDownLatch(500);
		for (int i = 0; i < 500; i++) {
			this.executor.execute(() -> {
				block();
				ran.countDown();
			});
		}

		this.gate.countDown();

		assertThat(ran.await(5, TimeUnit.SECONDS)).isTrue();
	}

	@Test
	void refusesTasksAfterItsEnd() {
		this.executor.shutdown();

		assertThatExceptionOfType(RejectedExecutionException.class)
			.isThrownBy(() -> this.executor.execute(this::block));
	}

	private void block() {
		try {
			this.gate.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
