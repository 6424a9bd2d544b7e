/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.testing;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class FakeClockTests {

	private static final Duration SECOND = Duration.ofSeconds(1);

	private final FakeClock clock = new FakeClock();

	private final long begin = this.clock.nanoTime();

	private final List<String> told = new ArrayList<>();

	private Duration passed() {
		return Duration.ofNanos(this.clock.nanoTime() - this.begin);
	}

	private Future<?> tell(String name, Duration delay) {
		return this.clock.schedule(() -> this.told.add(name + " " + passed()), delay);
	}

	@Test
	void standsStillUntilMoved() {
		assertThat(this.clock.nanoTime()).isEqualTo(this.begin);

		this.clock.advance(SECOND);

		assertThat(passed()).isEqualTo(SECOND);
	}

	@Test
	void readsLessThanBeforeWhenItsReadingsOverflow() {
		this.clock.advance(Duration.ofSeconds(4));

		assertThat(this.clock.nanoTime()).isLessThan(this.begin);
		assertThat(passed()).isEqualTo(Duration.ofSeconds(4));
	}

	@Test
	void runsTasksAtTheirMomentsInOrderOfTime() {
		tell("late", Duration.ofSeconds(3));
		tell("early", SECOND);
		tell("early too", SECOND);
		tell("never", Duration.ofSeconds(11));

		this.clock.advance(Duration.ofSeconds(10));

		assertThat(this.told).containsExactly("early PT1S", "early too PT1S", "late PT3S");
		assertThat(passed()).isEqualTo(Duration.ofSeconds(10));
		assertThat(this.clock.pendingTasks()).isOne();
	}

	@Test
	void runsTaskWhenExactlyItsDelayHasPassed() {
		tell("task", SECOND);

		this.clock.advance(SECOND.minusNanos(1));
		assertThat(this.told).isEmpty();
		this.clock.advance(Duration.ofNanos(1));

		assertThat(this.told).containsExactly("task PT1S");
	}

	@Test
	void runsTaskWithoutDelayOnlyWhenMoved() {
		tell("task", Duration.ZERO);
		assertThat(this.told).isEmpty();

		this.clock.advance(Duration.ZERO);

		assertThat(this.told).containsExactly("task PT0S");
	}

	@Test
	void runsTaskThatIsScheduledByAnotherWhenItFallsDueToo() {
		this.clock.schedule(() -> {
			tell("due", Duration.ofSeconds(2));
			tell("not due", Duration.ofSeconds(3));
		}, SECOND);

		this.clock.advance(Duration.ofMillis(3_500));

		assertThat(this.told).containsExactly("due PT3S");
		assertThat(this.clock.pendingTasks()).isOne();
	}

	@Test
	void runsTaskOnceOnly() {
		tell("task", SECOND);

		this.clock.advance(SECOND);
		this.clock.advance(Duration.ofSeconds(5));

		assertThat(this.told).hasSize(1);
	}

	@Test
	void forgetsTaskWhenCancelled() {
		Future<?> task = tell("task", SECOND);

		assertThat(task.cancel(false)).isTrue();
		assertThat(this.clock.pendingTasks()).isZero();
		this.clock.advance(SECOND);

		assertThat(this.told).isEmpty();
		assertThat(task.isCancelled()).isTrue();
	}

	@Test
	void runsTaskNoMoreWhenAnotherCancelsIt() {
		List<Future<?>> second = new ArrayList<>();
		this.clock.schedule(() -> second.get(0).cancel(false), SECOND);
		second.add(tell("second", SECOND));

		this.clock.advance(SECOND);

		assertThat(this.told).isEmpty();
	}

	@Test
	void refusesToCancelWhenTaskHasRun() {
		Future<?> task = tell("task", SECOND);
		this.clock.advance(SECOND);

		assertThat(task.cancel(false)).isFalse();
		assertThat(task.isDone()).isTrue();
	}

	@Test
	void keepsFailureOfTaskInItsFutureAndRunsTheNext() {
		Future<?> failing = this.clock.schedule(() -> {
			throw new IllegalStateException("broken");
		}, SECOND);
		tell("next", SECOND);

		this.clock.advance(SECOND);

		assertThat(this.told).containsExactly("next PT1S");
		assertThat(failing).failsWithin(Duration.ZERO)
			.withThrowableThat()
			.withRootCauseInstanceOf(IllegalStateException.class);
	}

	@Test
	void runsWhatFellDueLateWhenItJumps() {
		tell("task", SECOND);

		this.clock.jump(Duration.ofSeconds(5));
		assertThat(this.told).isEmpty();
		assertThat(passed()).isEqualTo(Duration.ofSeconds(5));
		this.clock.advance(Duration.ZERO);

		assertThat(this.told).containsExactly("task PT5S");
	}

	@Test
	void addsTimesUpWhenTaskMovesIt() {
		this.clock.schedule(() -> this.clock.advance(Duration.ofSeconds(2)), SECOND);
		this.clock.schedule(() -> this.clock.jump(Duration.ofSeconds(3)), SECOND);

		this.clock.advance(Duration.ofSeconds(10));

		assertThat(passed()).isEqualTo(Duration.ofSeconds(15));
	}

	@Test
	void runsEveryTaskOnceWhenThreadsScheduleAndMove() {
		AtomicInteger runs = new AtomicInteger();
		CompletableFuture<?>[] threads = IntStream.range(0, 4).mapToObj((thread) -> CompletableFuture.runAsync(() -> {
			for (int i = 0; i < 1000; i++) {
				this.clock.schedule(runs::incrementAndGet, Duration.ofMillis(i % 7));
				this.clock.advance(Duration.ofMillis(1));
			}
		})).toArray(CompletableFuture[]::new);
		CompletableFuture.allOf(threads).join();
		assertThat(passed()).isEqualTo(Duration.ofSeconds(4));

		this.clock.advance(SECOND);

		assertThat(runs).hasValue(4000);
		assertThat(this.clock.pendingTasks()).isZero();
	}

	@Test
	void keepsTaskWhenItsDelayNeverPasses() {
		Future<?> task = tell("task", Duration.ofSeconds(Long.MAX_VALUE));

		this.clock.advance(Duration.ofDays(36_500));

		assertThat(this.told).isEmpty();
		assertThat(task.isDone()).isFalse();
	}

	@Test
	void refusesNegativeTimes() {
		assertThatExceptionOfType(IllegalArgumentException.class).isThrownBy(() -> this.clock.advance(SECOND.negated()))
			.withMessage("time: PT-1S (expected: not negative)");
		assertThatExceptionOfType(IllegalArgumentException.class).isThrownBy(() -> this.clock.jump(SECOND.negated()))
			.withMessage("time: PT-1S (expected: not negative)");
		assertThatExceptionOfType(IllegalArgumentException.class).isThrownBy(() -> tell("task", SECOND.negated()))
			.withMessage("delay: PT-1S (expected: not negative)");
	}

}
