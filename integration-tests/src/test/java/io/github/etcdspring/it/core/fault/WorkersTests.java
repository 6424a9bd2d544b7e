/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.core.fault;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * The control of the runs whose threads must not fail unseen.
 */
class WorkersTests {

	@AutoClose
	private final Workers workers = new Workers();

	@Test
	void worksUntilStopped() throws InterruptedException {
		AtomicInteger turns = new AtomicInteger();
		CountDownLatch worked = new CountDownLatch(3);
		this.workers.start("worker", () -> {
			turns.incrementAndGet();
			worked.countDown();
		});
		worked.await();

		this.workers.stop();

		assertThat(turns).hasValueGreaterThanOrEqualTo(3);
		assertThat(this.workers.isStopped()).isTrue();
	}

	@Test
	void failsWhenThreadFailed() throws InterruptedException {
		IllegalStateException planted = new IllegalStateException("planted");
		CountDownLatch working = new CountDownLatch(1);
		this.workers.start("worker", () -> {
			working.countDown();
			throw planted;
		});
		working.await();

		assertThatExceptionOfType(AssertionError.class).isThrownBy(this.workers::stop)
			.satisfies((failure) -> assertThat(failure.getSuppressed()).singleElement()
				.satisfies((one) -> assertThat(one).hasMessage("worker failed").hasCause(planted)));
	}

}
