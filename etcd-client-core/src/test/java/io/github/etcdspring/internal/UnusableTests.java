/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.internal;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.github.etcdspring.fixture.FakeClock;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of {@link Unusable}.
 */
class UnusableTests {

	private final Logger logger = new LoggerContext().getLogger("test");

	private final ListAppender<ILoggingEvent> log = new ListAppender<>();

	private final FakeClock clock = new FakeClock();

	private final Unusable unusable = new Unusable(this.logger, "'{}' is left out: {}", this.clock);

	@BeforeEach
	void listen() {
		this.logger.addAppender(this.log);
		this.log.start();
	}

	private List<String> logged() {
		return this.log.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
	}

	@Test
	void logsAThingOnceForEachOfItsStates() {
		this.unusable.tell("a", 1, "bad");
		this.unusable.tell("a", 1, "bad");
		this.unusable.tell("a", 2, "worse");

		assertThat(logged()).containsExactly("'a' is left out: bad", "'a' is left out: worse");
	}

	@Test
	void logsAThingAgainThatWasSettledMeanwhile() {
		this.unusable.tell("a", 1, "bad");
		this.unusable.settled("a");
		this.unusable.tell("a", 1, "bad");

		assertThat(logged()).containsExactly("'a' is left out: bad", "'a' is left out: bad");
	}

	@Test
	void cutsLongNames() {
		this.unusable.tell("x".repeat(100), 1, "bad");

		assertThat(logged()).containsExactly("'" + "x".repeat(64) + "...' is left out: bad");
	}

	@Test
	void logsNoMoreThanAThousandInAnHourHoweverOftenTheyAreSeen() {
		for (int round = 0; round < 3; round++) {
			IntStream.range(0, 1500).forEach((i) -> this.unusable.tell(i, 1, "bad"));
		}

		assertThat(logged()).hasSize(1001)
			.endsWith("'...' is left out: more than 1000 were told of, others are not for an hour");
	}

	@Test
	void logsOthersAfterAnHour() {
		IntStream.range(0, 1500).forEach((i) -> this.unusable.tell(i, 1, "bad"));
		this.clock.jump(Duration.ofHours(1));
		this.unusable.tell("a", 1, "bad");

		assertThat(logged()).endsWith("'a' is left out: bad");
	}

	@Test
	void remembersThoseSeenLast() {
		IntStream.range(0, 600).forEach((i) -> this.unusable.tell(i, 1, "bad"));
		this.clock.jump(Duration.ofHours(1));
		this.unusable.tell(0, 1, "bad");
		IntStream.range(600, 1599).forEach((i) -> this.unusable.tell(i, 1, "bad"));
		this.unusable.tell(0, 1, "bad");
		assertThat(logged()).hasSize(1599);

		this.unusable.tell(1, 1, "bad");

		assertThat(logged()).hasSize(1600).endsWith("'1' is left out: bad");
	}

}
