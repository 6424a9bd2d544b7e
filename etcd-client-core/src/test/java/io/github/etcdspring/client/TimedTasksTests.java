/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.etcdspring.fixture.FakeClock;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of {@link TimedTasks}.
 */
class TimedTasksTests {

	private static final Duration DELAY = Duration.ofSeconds(1);

	private final FakeClock clock = new FakeClock();

	private final TimedTasks tasks = new TimedTasks(this.clock);

	private final AtomicInteger runs = new AtomicInteger();

	@Test
	void runsATaskAfterItsDelay() {
		this.tasks.schedule(this.runs::incrementAndGet, DELAY);

		this.clock.advance(DELAY.minusNanos(1));
		assertThat(this.runs).hasValue(0);
		this.clock.advance(Duration.ofNanos(1));
		assertThat(this.runs).hasValue(1);
	}

	@Test
	void runsWhatWaitsOnceWhenItIsClosed() {
		this.tasks.schedule(this.runs::incrementAndGet, DELAY);

		this.tasks.close();
		this.tasks.close();
		this.clock.advance(DELAY);

		assertThat(this.runs).hasValue(1);
		assertThat(this.clock.pendingTasks()).isZero();
	}

	@Test
	void runsAtOnceWhatComesAfterItsClose() {
		this.tasks.close();

		this.tasks.schedule(this.runs::incrementAndGet, DELAY);

		assertThat(this.runs).hasValue(1);
	}

	@Test
	void doesNotRunWhatWasCancelled() {
		Future<?> task = this.tasks.schedule(this.runs::incrementAndGet, DELAY);

		assertThat(task.cancel(false)).isTrue();
		assertThat(this.clock.pendingTasks()).isZero();
		this.tasks.close();

		assertThat(this.runs).hasValue(0);
	}

	@Test
	void runsTheOthersWhenOneFails() {
		this.tasks.schedule(() -> {
			throw new IllegalStateException("thrown on purpose");
		}, DELAY);
		this.tasks.schedule(this.runs::incrementAndGet, DELAY);

		this.tasks.close();

		assertThat(this.runs).hasValue(1);
	}

}
