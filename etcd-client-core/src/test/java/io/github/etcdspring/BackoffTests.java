/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring;

import java.time.Duration;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests of {@link Backoff}.
 */
class BackoffTests {

	private static final Duration INITIAL = Duration.ofMillis(100);

	private static final Duration MAXIMUM = Duration.ofSeconds(1);

	@Test
	void growsWithEachFailureUpToTheMaximum() {
		Backoff backoff = new Backoff(INITIAL, 2, MAXIMUM, 0);

		assertThat(IntStream.rangeClosed(1, 6).mapToObj(backoff::delay)).containsExactly(Duration.ofMillis(100),
				Duration.ofMillis(200), Duration.ofMillis(400), Duration.ofMillis(800), MAXIMUM, MAXIMUM);
	}

	@Test
	void staysAtTheMaximumWhenFailuresAreCountless() {
		Backoff backoff = new Backoff(INITIAL, 1.6, MAXIMUM, 0);

		assertThat(backoff.delay(Integer.MAX_VALUE)).isEqualTo(MAXIMUM);
	}

	@Test
	void spreadsTheDelayOverBothSidesByTheJitterAndNoFurther() {
		Backoff backoff = new Backoff(INITIAL, 1, MAXIMUM, 0.2);

		assertThat(IntStream.range(0, 1000).mapToObj((i) -> backoff.delay(1)))
			.allSatisfy((delay) -> assertThat(delay).isBetween(Duration.ofMillis(80), Duration.ofMillis(120)))
			.anySatisfy((delay) -> assertThat(delay).isLessThan(Duration.ofMillis(95)))
			.anySatisfy((delay) -> assertThat(delay).isGreaterThan(Duration.ofMillis(105)));
	}

	@Test
	void refusesAnInitialDelayThatIsNotAboveZero() {
		assertThatIllegalArgumentException().isThrownBy(() -> new Backoff(Duration.ZERO, 2, MAXIMUM, 0))
			.withMessage("initial delay: PT0S (expected: above zero)");
		assertThatIllegalArgumentException().isThrownBy(() -> new Backoff(Duration.ofMillis(-1), 2, MAXIMUM, 0))
			.withMessage("initial delay: PT-0.001S (expected: above zero)");
	}

	@ParameterizedTest
	@ValueSource(doubles = { 0.99, -1, Double.NaN })
	void refusesAMultiplierBelowOne(double multiplier) {
		assertThatIllegalArgumentException().isThrownBy(() -> new Backoff(INITIAL, multiplier, MAXIMUM, 0))
			.withMessage("multiplier: " + multiplier + " (expected: at least 1)");
	}

	@Test
	void refusesAMaximumBelowTheInitialDelay() {
		Duration longer = MAXIMUM.plusMillis(1);

		assertThatIllegalArgumentException().isThrownBy(() -> new Backoff(longer, 2, MAXIMUM, 0))
			.withMessage("maximum delay: PT1S (expected: at least PT1.001S)");
	}

	@ParameterizedTest
	@ValueSource(doubles = { -0.1, 1.1, Double.NaN })
	void refusesAJitterThatIsNoPartOfTheDelay(double jitter) {
		assertThatIllegalArgumentException().isThrownBy(() -> new Backoff(INITIAL, 2, MAXIMUM, jitter))
			.withMessage("jitter: " + jitter + " (expected: from 0 to 1)");
	}

	@Test
	void acceptsTheBounds() {
		assertThat(new Backoff(INITIAL, 1, INITIAL, 1).delay(1)).isBetween(Duration.ZERO, INITIAL.multipliedBy(2));
	}

}
