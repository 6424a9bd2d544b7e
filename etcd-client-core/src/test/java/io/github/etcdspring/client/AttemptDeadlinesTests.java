/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;

import io.github.etcdspring.fixture.FakeClock;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests of {@link AttemptDeadlines}.
 */
class AttemptDeadlinesTests {

	private final FakeClock clock = new FakeClock();

	private final AttemptDeadlines deadlines = new AttemptDeadlines(this.clock, this.clock);

	private final List<Attempt> expired = new ArrayList<>();

	@Test
	void endsEachAttemptWhenItsTimeIsUpAndNotBefore() {
		Attempt patient = attempt(20_000);
		Attempt hasty = attempt(50);
		Attempt usual = attempt(3_000);

		advance(49);
		assertThat(this.expired).isEmpty();
		advance(1);
		assertThat(this.expired).containsExactly(hasty);
		advance(2_949);
		assertThat(this.expired).containsExactly(hasty);
		advance(1);
		assertThat(this.expired).containsExactly(hasty, usual);
		advance(16_999);
		assertThat(this.expired).containsExactly(hasty, usual);
		advance(1);
		assertThat(this.expired).containsExactly(hasty, usual, patient);
	}

	@Test
	void endsAnAttemptThatBeginsWhileALaterLookIsPlanned() {
		attempt(5_000);
		advance(400);
		Attempt hasty = attempt(100);

		advance(100);

		assertThat(this.expired).containsExactly(hasty);
	}

	@Test
	void leavesAnAttemptAloneThatHasEnded() {
		Attempt attempt = attempt(50);
		this.deadlines.remove(attempt);

		advance(5_000);

		assertThat(this.expired).isEmpty();
	}

	@Test
	void keepsOneTimerForManyAttemptsAndNoneForNone() {
		List<Attempt> attempts = IntStream.range(0, 1000).mapToObj((i) -> attempt(5_000)).toList();
		assertThat(this.clock.pendingTasks()).isEqualTo(1);

		attempts.forEach(this.deadlines::remove);
		advance(1_000);

		assertThat(this.clock.pendingTasks()).isZero();
	}

	@Test
	void keepsFewTimersHoweverShortTheTimesAre() {
		for (int i = 0; i < 1000; i++) {
			attempt(3_600_000);
			attempt(10);
			advance(10);
		}

		assertThat(this.expired).hasSize(1000);
		assertThat(this.clock.pendingTasks()).isLessThanOrEqualTo(101);
	}

	@Test
	void endsAllWhoseTimeIsUpThoughOneFails() {
		Attempt failing = attempt(50);
		failing.fails = true;
		Attempt other = attempt(50);
		Attempt later = attempt(70);

		advance(50);
		assertThat(this.expired).containsExactlyInAnyOrder(failing, other);
		advance(20);

		assertThat(this.expired).contains(later);
	}

	@Test
	void looksAgainAfterALookThatCouldNotBePlanned() {
		AtomicBoolean fails = new AtomicBoolean(true);
		AttemptDeadlines deadlines = new AttemptDeadlines((task, delay) -> {
			if (fails.get()) {
				throw new OutOfMemoryError("thrown on purpose");
			}
			return this.clock.schedule(task, delay);
		}, this.clock);
		Attempt first = new Attempt();
		assertThatExceptionOfType(OutOfMemoryError.class)
			.isThrownBy(() -> deadlines.add(first, Duration.ofMillis(50).toNanos()));
		fails.set(false);
		Attempt second = new Attempt();
		deadlines.add(second, Duration.ofMillis(60).toNanos());

		advance(60);

		assertThat(this.expired).containsExactlyInAnyOrder(first, second);
	}

	@Test
	void looksAgainAfterALookThatWasLost() {
		AtomicBoolean loses = new AtomicBoolean(true);
		AttemptDeadlines deadlines = new AttemptDeadlines((task, delay) -> this.clock.schedule(loses.get() ? () -> {
		} : task, delay), this.clock);
		Attempt first = new Attempt();
		deadlines.add(first, Duration.ofMillis(50).toNanos());
		loses.set(false);
		advance(1_100);
		Attempt second = new Attempt();
		deadlines.add(second, Duration.ofMillis(60).toNanos());

		advance(60);

		assertThat(this.expired).containsExactlyInAnyOrder(first, second);
	}

	private Attempt attempt(long millis) {
		Attempt attempt = new Attempt();
		this.deadlines.add(attempt, Duration.ofMillis(millis).toNanos());
		return attempt;
	}

	private void advance(long millis) {
		this.clock.advance(Duration.ofMillis(millis));
	}

	private final class Attempt implements AttemptDeadlines.Timed {

		private long deadlineNanos;

		private boolean fails;

		@Override
		public void deadline(long nanos) {
			this.deadlineNanos = nanos;
		}

		@Override
		public long deadlineNanos() {
			return this.deadlineNanos;
		}

		@Override
		public void expire() {
			AttemptDeadlinesTests.this.expired.add(this);
			if (this.fails) {
				throw new IllegalStateException("thrown on purpose");
			}
		}

	}

}
